using System.Runtime.Versioning;

namespace KmsActors.Hsa.Tests;

[UnsupportedOSPlatform("windows")]
public sealed class RootKeyFileTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("kmsactors-hsa-");

    private string FilePath => Path.Combine(_directory.FullName, "root.key");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void LoadOrCreate_NoFile_MakesOneLineOnlyTheOwnerMayRead()
    {
        using SecretBytes key = RootKeyFile.LoadOrCreate(FilePath);
        Assert.Equal(32, key.Span.Length);
        Assert.True(key.Span.ContainsAnyExcept((byte)0));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
        Assert.Matches("^kmsactors-root-key-1 [0-9a-f]{64} [0-9a-f]{8}\n$", File.ReadAllText(FilePath));
        Assert.Contains(Convert.ToHexStringLower(key.Span), File.ReadAllText(FilePath));
        Assert.Equal([FilePath], Directory.GetFileSystemEntries(_directory.FullName));
    }

    [Fact]
    public void LoadOrCreate_FileThere_GivesTheSameKey()
    {
        using SecretBytes first = RootKeyFile.LoadOrCreate(FilePath);
        using SecretBytes second = RootKeyFile.LoadOrCreate(FilePath);
        Assert.Equal(first.Span.ToArray(), second.Span.ToArray());
    }

    [Fact]
    public void LoadOrCreate_ManyAtOnce_AllGetOneKey()
    {
        for (int round = 0; round < 20; round++)
        {
            string path = $"{FilePath}{round}";
            string[] keys = new string[8];
            Fixtures.OnThreads(keys.Length, i =>
            {
                using SecretBytes key = RootKeyFile.LoadOrCreate(path);
                keys[i] = Convert.ToHexString(key.Span);
            });
            Assert.Single(keys.Distinct());
        }

        Assert.Empty(_directory.GetFiles("*.tmp"));
    }

    [Fact]
    public void Load_CutShortAnywhere_Throws()
    {
        RootKeyFile.LoadOrCreate(FilePath).Dispose();
        byte[] whole = File.ReadAllBytes(FilePath);
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(FilePath, whole[..length]);
            Assert.Throws<InvalidDataException>(() => RootKeyFile.LoadOrCreate(FilePath));
        }
    }

    [Fact]
    public void Load_AnyByteChangedOrAdded_Throws()
    {
        RootKeyFile.LoadOrCreate(FilePath).Dispose();
        byte[] whole = File.ReadAllBytes(FilePath);
        for (int at = 0; at < whole.Length; at++)
        {
            byte[] changed = [.. whole];
            changed[at] ^= 1;
            File.WriteAllBytes(FilePath, changed);
            Assert.Throws<InvalidDataException>(() => RootKeyFile.Load(FilePath));
        }

        File.WriteAllBytes(FilePath, [.. whole, (byte)'\n']);
        Assert.Throws<InvalidDataException>(() => RootKeyFile.Load(FilePath));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void Load_OthersMayUseTheFile_Throws(UnixFileMode extra)
    {
        RootKeyFile.LoadOrCreate(FilePath).Dispose();
        File.SetUnixFileMode(FilePath, UnixFileMode.UserRead | extra);
        UnauthorizedAccessException refused =
            Assert.Throws<UnauthorizedAccessException>(() => RootKeyFile.LoadOrCreate(FilePath));
        Assert.Contains("0600", refused.Message);
    }

    [Fact]
    public void Load_OwnerReadOnly_Loads()
    {
        RootKeyFile.LoadOrCreate(FilePath).Dispose();
        File.SetUnixFileMode(FilePath, UnixFileMode.UserRead);
        using SecretBytes key = RootKeyFile.Load(FilePath);
        Assert.Equal(32, key.Span.Length);
    }

    [Fact]
    public void Load_NoFile_ThrowsAndMakesNone()
    {
        Assert.Throws<FileNotFoundException>(() => RootKeyFile.Load(FilePath));
        Assert.False(File.Exists(FilePath));
    }

    [Fact]
    public void LoadOrCreate_NoDirectory_ThrowsIOException() =>
        Assert.ThrowsAny<IOException>(
            () => RootKeyFile.LoadOrCreate(Path.Combine(FilePath, "x", "root.key")));

    [Fact]
    public void LoadOrCreate_RelativePath_WorksInTheCurrentDirectory()
    {
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, FilePath);
        RootKeyFile.LoadOrCreate(relative).Dispose();
        Assert.True(File.Exists(FilePath));
    }
}
