using System.Text;
using FsCheck.Xunit;

namespace KmsActors.Protocols.Tencent.Tests;

public class RequestReaderTests
{
    [Fact]
    public async Task Read_QueryOrForm_GivesTheSameRequest()
    {
        const string more = "&SignatureMethod=HmacSHA256&alias=%E5%AF%86+a%2Bb";
        const string form = "application/x-www-form-urlencoded; charset=utf-8";
        foreach (var received in new[]
        {
            await Calls.ReadQuery(Calls.Common + more), await Calls.ReadForm(Calls.Common + more),
            await Calls.ReadForm(Calls.Common + more, form),
        })
        {
            using var disposed = received;
            Assert.False(received.Refused(out _, out var request));
            Assert.Equal(("ListKey", "testid", "c2ln"), (request.Action, request.SecretId, request.Signature));
            Assert.Equal((1500000000, true), (request.Timestamp.ToUnixTimeSeconds(), request.IsSha256));
            Assert.Equal(("kms-gz.api.qcloud.com", "密 a+b"), (request.Host, request.Parameters["alias"]));
        }
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("&SignatureMethod=", false)]
    [InlineData("&SignatureMethod=HmacSHA1", false)]
    [InlineData("&SignatureMethod=HmacSHA256", true)]
    public async Task Read_SignatureMethod_IsSha1UnlessSaid(string more, bool isSha256)
    {
        using var received = await Calls.ReadQuery(Calls.Common + more);
        Assert.Equal(isSha256, received.Request!.IsSha256);
    }

    // The first that is missing is the one that is named.
    [Theory]
    [InlineData("", "Action")]
    [InlineData("Action=a", "SecretId")]
    [InlineData("Action=a&SecretId=a", "Timestamp")]
    [InlineData("Action=a&SecretId=a&Timestamp=1", "Nonce")]
    [InlineData("Action=a&SecretId=a&Timestamp=x&Nonce=1", "Signature")]
    public async Task Read_CommonMissing_NamesTheFirst(string query, string name)
    {
        using var received = await Calls.ReadQuery(query);
        Assert.Equal(TencentErrors.CommonMissing(name), received.Error);
    }

    [Theory]
    [InlineData("&alias=%", 10420)]
    [InlineData("&alias=%zz", 10420)]
    [InlineData("&alias=%ff", 10420)]
    [InlineData("&=a", 10420)]
    [InlineData("&alias=a&alias=a", 10000)]
    [InlineData("&Action=Encrypt", 10000)]
    [InlineData("&%41ction=Encrypt", 10000)]
    public async Task Read_Ambiguous_IsRefused(string more, int module)
    {
        using var query = await Calls.ReadQuery(Calls.Common + more);
        using var form = await Calls.ReadForm(Calls.Common + more);
        Assert.Equal((module, module), (query.Error!.Module, form.Error!.Module));
    }

    [Fact]
    public async Task Read_OneInTheQueryAndOneInTheForm_IsTwice()
    {
        var context = Calls.Context("POST", "alias=a", Calls.Common + "&alias=b");
        using var received = await RequestReader.ReadAsync(context, Calls.RequestId);
        Assert.Equal(TencentErrors.RequestInvalid, received.Error);
    }

    [Theory]
    [InlineData(64, null)]
    [InlineData(65, 10280)]
    public async Task Read_Action_IsBounded(int length, int? module)
    {
        var query = Calls.Common.Replace("ListKey", new string('a', length), StringComparison.Ordinal);
        using var received = await Calls.ReadQuery(query);
        Assert.Equal(module, received.Error?.Module);
    }

    // A number may have more digits than a date, or than the machine's numbers.
    [Theory]
    [InlineData("Timestamp", 11)]
    [InlineData("Nonce", 20)]
    public async Task Read_NumberOfAnyLength_IsTakenOrOutOfRange(string name, int longest)
    {
        foreach (var length in Enumerable.Range(1, 40))
        {
            var others = Calls.Common.Split('&').Where(p => !p.StartsWith(name, StringComparison.Ordinal));
            var query = string.Join('&', others.Append($"{name}={new string('9', length)}"));
            using var received = await Calls.ReadQuery(query);
            Assert.Equal(length <= longest ? null : TencentErrors.OutOfRange(name), received.Error);
        }
    }

    [Property]
    public void Read_AnyBytes_NeverThrows(byte[] bytes)
    {
        var context = Calls.Context("POST");
        context.Request.Body = new MemoryStream(bytes);
        context.Request.ContentLength = bytes.Length;
        RequestReader.ReadAsync(context, Calls.RequestId).AsTask().GetAwaiter().GetResult().Dispose();
    }

    // Nothing of a request may end up in a log by way of a record's ToString.
    [Fact]
    public async Task ToString_OfWhatWasReceived_SaysNothingOfTheParameters()
    {
        using var received = await Calls.ReadForm(Calls.Common + "&plaintext=c2VjcmV0");
        var said = new StringBuilder().Append(received).Append(received.Request).ToString();
        Assert.DoesNotContain("c2VjcmV0", said, StringComparison.Ordinal);
        Assert.DoesNotContain("c2ln", said, StringComparison.Ordinal);
    }
}
