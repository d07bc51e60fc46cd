using System.Runtime.Versioning;
using System.Text;

namespace KmsActors.Hsa.Tests;

[UnsupportedOSPlatform("windows")]
public sealed class PassphraseFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("kmsactors-passphrase-").FullName;

    private string FilePath => Path.Combine(_directory, "passphrase");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void Load_OneLine_GivesItWithoutItsEnd(string end)
    {
        Write("correct horse battery staple" + end);
        using SecretBytes passphrase = PassphraseFile.Load(FilePath);
        Assert.Equal("correct horse battery staple"u8.ToArray(), passphrase.Span.ToArray());
    }

    [Theory]
    [InlineData(15, false)]
    [InlineData(16, true)]
    [InlineData(1024, true)]
    [InlineData(1025, false)]
    [InlineData(1027, false)]
    [InlineData(5000, false)]
    public void Load_Lengths_AreHeldToTheirBounds(int length, bool isGood)
    {
        Write(new string('x', length));
        if (isGood)
            PassphraseFile.Load(FilePath).Dispose();
        else
            Assert.Throws<InvalidDataException>(() => PassphraseFile.Load(FilePath));
    }

    [Fact]
    public void Load_TwoLines_IsRefused()
    {
        Write("correct horse\nbattery staple and more");
        Assert.Throws<InvalidDataException>(() => PassphraseFile.Load(FilePath));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead | UnixFileMode.OtherRead, true)]
    [InlineData(UnixFileMode.GroupWrite, false)]
    [InlineData(UnixFileMode.OtherWrite, false)]
    public void LoadAndLoadMounted_Modes_OthersMayReadButNotWrite(UnixFileMode others, bool isGood)
    {
        RootKeyFile.LoadOrCreate(FilePath + ".key").Dispose();
        Write("correct horse battery staple");
        foreach (string path in new[] { FilePath, FilePath + ".key" })
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | others);
        if (isGood)
        {
            PassphraseFile.Load(FilePath).Dispose();
            RootKeyFile.LoadMounted(FilePath + ".key").Dispose();
            Assert.Throws<UnauthorizedAccessException>(() => RootKeyFile.Load(FilePath + ".key"));
        }
        else
        {
            Assert.Throws<UnauthorizedAccessException>(() => PassphraseFile.Load(FilePath));
            Assert.Throws<UnauthorizedAccessException>(() => RootKeyFile.LoadMounted(FilePath + ".key"));
        }
    }

    private void Write(string text) => File.WriteAllBytes(FilePath, Encoding.UTF8.GetBytes(text));
}
