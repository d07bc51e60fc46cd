using System.Text.Json.Nodes;

namespace KmsActors.Server.Tests.Admin;

/// <summary>What every call has in common: credential, method, account, and how its body is read.</summary>
public sealed class CallTests(AdminServer server) : IClassFixture<AdminServer>
{
    private const int MostBytes = 256 * 1024;

    private AdminClient Operator => server.Operator;

    private string Account => server.Root.Account;

    public static TheoryData<string> All() => AdminCallTable.Names(_ => true);

    public static TheoryData<string> WithAccount() => AdminCallTable.Names(call => call.HasAccount);

    public static TheoryData<string> WithBody() => AdminCallTable.Names(call => call.Body is not null);

    [Theory]
    [MemberData(nameof(All))]
    public async Task Call_WithoutCredential_IsRefused_WhateverElseIsWrong(string name)
    {
        var call = AdminCallTable.All[name];
        var stranger = Operator with { Authorization = null };
        foreach (var account in new[] { Account, "unknown" })
        {
            await stranger.RefusedAsync(401, "Unauthorized", null, call.Method, call.At(account), call.Body);
            await stranger.RefusedAsync(401, "Unauthorized", null, "TRACE", call.At(account));
        }
    }

    [Theory]
    [MemberData(nameof(WithAccount))]
    public async Task Call_AboutNoAccount_Is404(string name)
    {
        var call = AdminCallTable.All[name];
        foreach (var account in new[] { "unknown", "%20", "1000000000000002", "%E6%95%B0", new string('1', 500) })
            await Operator.RefusedAsync(404, "AccountNotFound", null, call.Method, call.At(account), call.Body);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Call_ByAnotherMethod_Is405(string name)
    {
        var call = AdminCallTable.All[name];
        await Operator.RefusedAsync(405, "MethodNotAllowed", null, "OPTIONS", call.At(Account));
        await Operator.RefusedAsync(405, "MethodNotAllowed", null, "X", call.At(Account), call.Body);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nosuch")]
    [InlineData("accounts/1000000000000001/nosuch")]
    [InlineData("accounts/1000000000000001/users/u/nosuch")]
    [InlineData("/admin")]
    [InlineData("/admin/v2/accounts")]
    [InlineData("/ADMIN/V1/nosuch")]
    public async Task Path_OfNoCall_Is404(string path) =>
        await Operator.RefusedAsync(404, "NotFound", null, "GET", path);

    [Theory]
    [MemberData(nameof(WithBody))]
    public async Task Body_ThatIsNotSaidToBeJson_Is415(string name)
    {
        var call = AdminCallTable.All[name];
        foreach (var type in new[] { "text/plain", "application/x-www-form-urlencoded", "application/octet-stream" })
        {
            var before = server.Commits();
            var answer = await Operator.SendAsync(call.Method, call.At(Account), call.Body, type);
            answer.AssertRefused(415, "BodyNotJson");
            Assert.Equal(before, server.Commits());
        }
    }

    [Theory]
    [MemberData(nameof(WithBody))]
    public async Task Body_ThatIsNone_IsRefused(string name)
    {
        var call = AdminCallTable.All[name];
        foreach (var body in new[] { "{", "nonsense", "[]", "1", "\"\"", call.Body + "}", "{'a':1}", "{}//" })
        {
            var before = server.Commits();
            var answer = await Operator.SendAsync(call.Method, call.At(Account), body);
            answer.AssertRefused(400, "ParameterInvalid", answer.Parameter);
            Assert.Equal(before, server.Commits());
        }

        var isNeeded = name != "RotateAccessKey";
        if (isNeeded) await Operator.InvalidAsync("body", call.Method, call.At(Account), "null");
        if (isNeeded) await Operator.InvalidAsync("body", call.Method, call.At(Account), "");
    }

    [Theory]
    [MemberData(nameof(WithBody))]
    public async Task Member_UnknownOrTwice_IsNamed(string name)
    {
        var call = AdminCallTable.All[name];
        await Operator.InvalidAsync("nosuch", call.Method, call.At(Account), call.Body![..^1] + ",\"nosuch\":1}");
        foreach (var (member, value) in JsonNode.Parse(call.Body)!.AsObject())
        {
            var twice = $"{call.Body[..^1]},\"{member}\":{value!.ToJsonString()}}}";
            await Operator.InvalidAsync(member, call.Method, call.At(Account), twice);
        }
    }

    [Theory]
    [MemberData(nameof(WithBody))]
    public async Task Member_MissingOrOfAnotherType_IsNamed(string name)
    {
        var call = AdminCallTable.All[name];
        foreach (var (member, value) in JsonNode.Parse(call.Body!)!.AsObject())
        {
            foreach (var wrong in new[] { "[[]]", "{\"x\":{}}", "1.5", "1e99", value is JsonArray ? "\"a\"" : "[]" })
            {
                var before = server.Commits();
                var answer = await Operator.SendAsync(call.Method, call.At(Account), With(call, member, wrong));
                answer.AssertRefused(400, "ParameterInvalid", answer.Parameter);
                Assert.StartsWith(member, answer.Parameter ?? "", StringComparison.Ordinal);
                Assert.Equal(before, server.Commits());
            }

            if (!call.Required.Contains(member)) continue;
            await Operator.InvalidAsync(member, call.Method, call.At(Account), With(call, member, null));
            await Operator.InvalidAsync(member, call.Method, call.At(Account), With(call, member, "null"));
        }
    }

    [Theory]
    [MemberData(nameof(WithBody))]
    public async Task Body_UpToAQuarterOfAMegabyte_IsRead(string name)
    {
        var call = AdminCallTable.All[name];
        var body = call.Body![..^1] + ",\"more\":\"\"}";
        var filler = new string('a', MostBytes - body.Length);
        var filled = body.Replace("\"\"}", $"\"{filler}\"}}", StringComparison.Ordinal);
        await Operator.InvalidAsync("more", call.Method, call.At(Account), filled);
        await Operator.RefusedAsync(413, "BodyTooLong", null, call.Method, call.At(Account), filled + " ");
    }

    private static string With(Call call, string member, string? value)
    {
        var body = JsonNode.Parse(call.Body!)!.AsObject();
        body.Remove(member);
        if (value is not null) body.Add(member, JsonNode.Parse(value));
        return body.ToJsonString();
    }
}
