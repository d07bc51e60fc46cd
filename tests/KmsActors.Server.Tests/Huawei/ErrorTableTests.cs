using System.Reflection;
using System.Runtime.CompilerServices;
using KmsActors.Protocols.Huawei;

namespace KmsActors.Server.Tests.Huawei;

/// <summary>Every row of the document's table of errors: how to get it, or that nobody can.</summary>
public sealed partial class ErrorTableTests(ProjectServer server) : IClassFixture<ProjectServer>
{
    /// <summary>Why is said where these stand in the product.</summary>
    private static readonly string[] s_never =
        ["KMS.0101", "KMS.0304", "KMS.0408", "KMS.1102", "KMS.2203", "KMS.2604"];

    /// <summary>That of the test about the store, the only one whose status is the server's fault.</summary>
    private const string OfIo = "KMS.0102";

    public static IEnumerable<object[]> Codes => s_ways.Keys.Select(code => new object[] { code });

    [Fact]
    public void Ways_AgainstTheTable_HaveEveryCodeThatCanArise() => Assert.Equal(
        Rows().Select(row => row.Error.Code).Except([.. s_never, OfIo]),
        s_ways.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task Code_OfEachRow_Arises(string code) =>
        (await s_ways[code](server, await server.NewProjectAsync())).AssertRefused(code);

    [Fact]
    public async Task Store_ThatIsClosed_MakesAnErrorOfIo()
    {
        await using var other = new ClosingServer();
        await other.InitializeAsync();
        var project = new Project(other.Root);
        var keyId = await project.KeyAsync();
        await other.CloseStoreAsync();
        foreach (var ask in new[]
        {
            Ask.Post("create-key", new { key_alias = "a" }), Ask.Post("disable-key", new { key_id = keyId }),
            Ask.Get("user-instances"),
        })
        {
            var answer = await project.Client.RawAsync(ask);
            Assert.Equal((500, """{"error":{"error_code":"KMS.0102","error_msg":"Abnormal KMS I/O."}}"""), answer);
        }
    }

    // The reasons are in one place, beside the rows: a comment that begins with this word.
    [Fact]
    public void RowsThatNeverArise_HaveAReasonAndNoUse()
    {
        var product = Path.Combine(Folder(), "../../../src/KmsActors.Protocols.Huawei");
        var lines = File.ReadAllLines(Path.Combine(product, "Answers/HuaweiErrors.cs"));
        var reasoned = Rows().Where(row =>
        {
            var at = Array.FindIndex(lines, line => line.Contains($" {row.Field.Name} =", StringComparison.Ordinal));
            while (lines[at - 1].TrimStart().StartsWith("//", StringComparison.Ordinal)) at--;
            return lines[at].TrimStart().StartsWith("// Never: ", StringComparison.Ordinal);
        });
        Assert.Equal(s_never, reasoned.Select(row => row.Error.Code));

        var sources = Directory.EnumerateFiles(product, "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.EndsWith("HuaweiErrors.cs", StringComparison.Ordinal))
            .Select(File.ReadAllText)
            .ToArray();
        var unused = Rows().Where(row => !sources.Any(text => UsesOf(row.Field.Name, text)));
        // The first is for the faults that nobody knows of yet.
        Assert.Equal(s_never.Skip(1), unused.Select(row => row.Error.Code));
    }

    private static bool UsesOf(string name, string text) =>
        text.Split(name).Skip(1).Any(rest => !char.IsLetter(rest[0]));

    private static IEnumerable<(FieldInfo Field, HuaweiError Error)> Rows() =>
        from field in typeof(HuaweiErrors).GetFields(BindingFlags.Public | BindingFlags.Static)
        let error = (HuaweiError)field.GetValue(null)!
        where error.Shape == ErrorShape.Kms
        orderby error.Code
        select (field, error);

    private static string Folder([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;

    private sealed class ClosingServer : TestServer, IAsyncDisposable
    {
        async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();
    }
}
