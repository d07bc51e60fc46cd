using KmsActors.Hsa;

namespace KmsActors.Deploy.Tests;

/// <summary>The rest: nginx, systemd, the image, scripts.</summary>
public sealed class FileTests
{
    [ToolFact("nginx")]
    public void Nginx_TakesItsConfiguration()
    {
        using var scratch = new Scratch();
        var secrets = scratch.WithSecrets();
        foreach (var path in Directory.EnumerateFiles(Files.Deploy("nginx")))
        {
            File.WriteAllText(scratch.In(Path.GetFileName(path)), File.ReadAllText(path)
                .Replace("/run/secrets/", $"{secrets}/", StringComparison.Ordinal)
                .Replace("/etc/nginx/kms/", $"{scratch.Path}/", StringComparison.Ordinal)
                .Replace("/run/nginx.pid", scratch.In("pid"), StringComparison.Ordinal));
        }

        var (exit, said) = Tools.Run("nginx", "-t", "-c", scratch.In("nginx.conf"), "-e", scratch.In("error.log"), "-p", scratch.Path);
        Assert.True(exit == 0, said);
        Assert.DoesNotContain("[warn]", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Nginx_LeavesAloneWhatSignaturesCover_AndSendsNothingTwice()
    {
        var proxy = Files.Text("deploy/nginx/proxy.conf");
        Assert.Contains("proxy_set_header Host $http_host;", proxy, StringComparison.Ordinal);
        Assert.Contains("proxy_next_upstream off;", proxy, StringComparison.Ordinal);
        var all = Files.Text("deploy/nginx/nginx.conf");
        // With a path of its own, nginx would pass on the one that it has decoded.
        Assert.DoesNotMatch("proxy_pass https://[a-z_]+/", all);
        Assert.DoesNotContain("$request_uri", all, StringComparison.Ordinal);
        Assert.DoesNotContain("\"$request\"", all, StringComparison.Ordinal);
    }

    // A unit that cannot be verified here for want of its program is verified with another in its place.
    [ToolFact("systemd-analyze")]
    public void Systemd_TakesTheUnit_AloneAndAsANodeOfACluster()
    {
        foreach (var isNode in new[] { false, true })
        {
            using var scratch = new Scratch();
            var unit = scratch.In("kmsactors.service");
            File.WriteAllText(unit, Files.Text("deploy/systemd/kmsactors.service")
                .Replace("/usr/bin/dotnet", "/bin/true", StringComparison.Ordinal));
            if (isNode)
            {
                Directory.CreateDirectory(scratch.In("kmsactors.service.d"));
                File.Copy(Files.Deploy("systemd/kmsactors.service.d/cluster.conf"), scratch.In("kmsactors.service.d/cluster.conf"));
            }

            var (exit, said) = Tools.Run("systemd-analyze", "verify", "--man=no", unit);
            Assert.True(exit == 0, said);
            // A key that it does not know it only mentions.
            Assert.DoesNotContain("kmsactors", said, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Systemd_SetsWhatTheServerReads()
    {
        var lines = File.ReadAllLines(Files.Deploy("systemd/kmsactors.service.d/cluster.conf"));
        var options = ServerSettings.Read(ServerSettings.Lines(
            lines.Where(line => line.StartsWith("Environment=", StringComparison.Ordinal)).Select(line => line["Environment=".Length..])));
        var grace = int.Parse(lines.Single(line => line.StartsWith("TimeoutStopSec=", StringComparison.Ordinal)).Split('=')[1], null);
        Assert.InRange(options.NoticeSeconds + options.DrainSeconds + 5, 10, grace);
    }

    [Fact]
    public void Image_RunsAsNobodyInParticular_AndSetsWhatTheServerReads()
    {
        var lines = File.ReadAllLines(Files.Deploy("Dockerfile"));
        Assert.Equal("mcr.microsoft.com/dotnet/aspnet:10.0", lines.Last(line => line.StartsWith("FROM ", StringComparison.Ordinal))[5..]);
        Assert.Contains("USER $APP_UID", lines);
        var first = Array.FindIndex(lines, line => line.StartsWith("ENV ", StringComparison.Ordinal));
        var last = Array.FindIndex(lines, first, line => !line.EndsWith('\\'));
        ServerSettings.Read(ServerSettings.Lines(lines[first..(last + 1)]
            .Select(line => line.Replace("ENV ", "", StringComparison.Ordinal).Trim(' ', '\\').Replace("\"", "", StringComparison.Ordinal))));
        Assert.All(
            lines.Where(line => line.StartsWith("COPY . ", StringComparison.Ordinal)),
            _ => Assert.Equal("*", File.ReadAllLines(Path.Combine(Files.Root, ".dockerignore")).First(line => line[0] != '#')));
    }

    // A key that the script makes, the server takes.
    [Fact]
    public void Secrets_AreTheServers_AndOnlyTheirOwners()
    {
        using var scratch = new Scratch();
        var folder = scratch.WithSecrets();
        using (var key = RootKeyFile.Load(Path.Combine(folder, "root.key"))) Assert.Equal(32, key.Span.Length);
        var before = File.ReadAllText(Path.Combine(folder, "kms.env"));
        ServerSettings.Read(ServerSettings.Lines(before.TrimEnd().Split('\n')));
        scratch.WithSecrets();
        Assert.Equal(before, File.ReadAllText(Path.Combine(folder, "kms.env")));
        foreach (var file in Directory.EnumerateFiles(folder).Where(file => !file.EndsWith(".crt", StringComparison.Ordinal)))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [ToolFact("shellcheck")]
    public void Scripts_PassShellcheck()
    {
        var (exit, said) = Tools.Run("shellcheck", Files.Deploy("make-secrets"), Files.Deploy("local-cluster"));
        Assert.True(exit == 0, said);
    }

    // What operators look for in logs is what the program writes.
    [Fact]
    public void Readme_QuotesMessagesAsTheyAre()
    {
        var sources = string.Join('\n', new[] { "src", "grains" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Files.Root, folder), "*.cs", SearchOption.AllDirectories))
            .Select(File.ReadAllText));
        var quoted = File.ReadAllLines(Files.Deploy("README.md"))
            .SkipWhile(line => line != "| log message | |").Skip(2).TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Split('`')[1].Replace("…", "", StringComparison.Ordinal).Trim())
            .ToArray();
        Assert.NotEmpty(quoted);
        Assert.All(quoted, message => Assert.Contains(message, sources, StringComparison.Ordinal));
    }
}
