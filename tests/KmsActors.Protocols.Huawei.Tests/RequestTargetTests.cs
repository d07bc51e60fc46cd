using System.Globalization;
using FsCheck;
using FsCheck.Xunit;

namespace KmsActors.Protocols.Huawei.Tests;

public class RequestTargetTests
{
    private const string Project = Calls.Project;

    [Theory]
    [InlineData("list-keys", "list-keys")]
    [InlineData("list-keys/", "list-keys")]
    [InlineData("list-keys//", "list-keys|")]
    [InlineData("resource_instances/action", "resource_instances|action")]
    [InlineData(Calls.KeyId + "/tags/a%2Fb", Calls.KeyId + "|tags|a/b")]
    [InlineData(Calls.KeyId + "/tags/a+b%20%E5%AF%86?x=%2F", Calls.KeyId + "|tags|a+b 密")]
    [InlineData("../kms/list-keys", "..|kms|list-keys")]
    [InlineData("", "")]
    public void Parse_PathOfKms_HasProjectAndResource(string path, string expected)
    {
        RequestTarget target = RequestTarget.Parse(Calls.Root + path)!;
        Assert.Equal(Project, target.ProjectId);
        Assert.Equal(expected, string.Join('|', target.Resource));
    }

    [Theory]
    [InlineData("/", "")]
    [InlineData("/v3/auth/tokens", "v3|auth|tokens")]
    [InlineData("/v3/projects?name=ae-ad-1", "v3|projects")]
    [InlineData("/v1.0/p", "v1.0|p")]
    [InlineData("/v1.0//kms/list-keys", "v1.0||kms|list-keys")]
    [InlineData("/v1.0/p%2Fkms/list-keys", "v1.0|p/kms|list-keys")]
    [InlineData("/V1.0/p/kms/list-keys", "V1.0|p|kms|list-keys")]
    [InlineData("/v1.0/p/KMS/list-keys", "v1.0|p|KMS|list-keys")]
    [InlineData("//v1.0/p/kms/list-keys", "|v1.0|p|kms|list-keys")]
    public void Parse_OtherPath_HasSegmentsAndNoProject(string path, string expected)
    {
        RequestTarget target = RequestTarget.Parse(path)!;
        Assert.Null(target.ProjectId);
        Assert.Empty(target.Resource);
        Assert.Equal(expected, string.Join('|', target.Segments));
    }

    [Fact]
    public void Parse_Path_IsKeptAsItCame()
    {
        RequestTarget target = RequestTarget.Parse("/a%20b/%41/?c=%41")!;
        Assert.Equal("/a%20b/%41/", target.RawPath);
        Assert.Equal(["a%20b", "%41"], target.RawSegments);
        Assert.Equal(["a b", "A"], target.Segments);
    }

    [Fact]
    public void Parse_Query_IsDecodedInItsOrder() => Assert.Equal(
        ["b=2 3", "a=", "a=密", "c=x=y", "?=", "=z"],
        RequestTarget.Parse("/p?b=2+3&a&a=%E5%AF%86&&c=x=y&?=&=z")!.Query.Select(p => $"{p.Key}={p.Value}"));

    [Theory]
    [InlineData("name", "ae-ad-1")]
    [InlineData("twice", null)]
    [InlineData("Name", null)]
    [InlineData("empty", "")]
    public void QueryValue_GivenOnce_IsFound(string name, string? expected) => Assert.Equal(
        expected, RequestTarget.Parse("/v3/projects?name=ae-ad-1&twice=1&empty&twice=1")!.QueryValue(name));

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("http://kms.example/v1.0/p/kms/list-keys")]
    [InlineData("kms.example:443")]
    [InlineData("/v1.0/p%/kms/list-keys")]
    [InlineData("/v1.0/p/kms/%zz")]
    [InlineData("/v1.0/p/kms/%C0%AF")]
    [InlineData("/p?a=%")]
    [InlineData("/p?%FF=a")]
    public void Parse_Undecodable_IsNull(string target) => Assert.Null(RequestTarget.Parse(target));

    [Theory]
    [InlineData(RequestTarget.MostParameters, true)]
    [InlineData(RequestTarget.MostParameters + 1, false)]
    public void Parse_ManyParameters_AreBounded(int count, bool isGood)
    {
        IEnumerable<string> numbers = Enumerable.Range(0, count).Select(i => i.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(isGood, RequestTarget.Parse("/p?" + string.Join('&', numbers)) is not null);
    }

    [Property]
    public void Parse_Anything_NeverThrows(NonNull<string> text) => RequestTarget.Parse("/" + text.Get);
}
