namespace KmsActors.Server;

/// <summary>
/// What keeps the root key: one of these. With none of them it is a file in the data directory, made if there is no
/// database yet that would need another.
/// </summary>
internal sealed class RootKeyOptions
{
    /// <summary>A key file of mode 0600 or 0400, which is never made.</summary>
    public string? File { get; set; }

    /// <summary>
    /// A key file that something mounts for this process, and that others may be able to read, not write.
    /// </summary>
    public string? SecretFile { get; set; }

    /// <summary>A file with a passphrase of 16 to 1024 bytes; what is said of SecretFile is true of it.</summary>
    public string? PassphraseFile { get; set; }

    /// <summary>Whether a key in the token that <c>Kms:Hsm</c> names seals it.</summary>
    public bool InToken { get; set; }

    /// <summary>Everything that is wrong with them.</summary>
    public IEnumerable<string> Errors(string name)
    {
        string?[] files = [File, SecretFile, PassphraseFile];
        if (files.Any(file => file is { Length: 0 })) yield return $"{name}: where the file is, or no such setting.";
        if (files.Count(file => file is not null) + (InToken ? 1 : 0) > 1)
            yield return $"{name}: one thing keeps the root key.";
    }
}
