using System.CommandLine;

namespace KmsActors.Cli;

/// <summary>All commands.</summary>
internal static class CommandTree
{
    /// <summary>The root of them.</summary>
    public static RootCommand Create(GlobalOptions options)
    {
        var root = new RootCommand(
            $"""
            kmsctl: operates a KmsActors server, and its tenants' keys.

            accounts, projects, users, groups, access-keys, policies, limits, root-key, default-keys, status, jobs,
            backup and restore are the operator's and need the operator's token; all others are a tenant's and need an
            access key.

            {ExitCode.Help}
            """)
        {
            AccountCommands.Create(),
            ProjectCommands.Create(),
            UserCommands.Create(),
            GroupCommands.Create(),
            AccessKeyCommands.Create(),
            PolicyCommands.Create(),
            LimitCommands.Create(),
            RootKeyCommands.Create(),
            ServiceCommands.DefaultKeys(),
            ServiceCommands.Status(),
            JobCommands.Create(),
            BackupCommand.Create(),
            RestoreCommand.Create(),
            KeyCommands.Create(),
            AliasCommands.Create(),
            TagCommands.Create(),
            EncryptCommands.Encrypt(),
            EncryptCommands.Decrypt(),
            DataKeyCommand.Create(),
            SignCommands.Sign(),
            SignCommands.Verify(),
            SignCommands.PublicKey(),
        };
        foreach (var option in options.All) root.Options.Add(option);
        return root;
    }
}
