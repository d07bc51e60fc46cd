namespace KmsActors.Server.Tests.Huawei;

/// <summary>Every endpoint on a key in every state, by both kinds of credential.</summary>
public sealed class StateTableTests(ProjectServer server) : IClassFixture<ProjectServer>
{
    /// <summary>
    /// By the key's state before: 2 enabled, 3 disabled, 4 pending deletion, 5 pending import. "ok" leaves it,
    /// "ok:3" makes it 3. In brackets what kind of key: of the server's material where nothing is said, but
    /// in state 5, which only external ones have; "empty" is external without material ever.
    /// </summary>
    private const string Table = """
        POST create-key                               ok    ok    ok    ok
        POST list-keys                                ok    ok    ok    ok
        POST gen-random                               ok    ok    ok    ok
        GET user-instances                            ok    ok    ok    ok
        GET user-quotas                               ok    ok    ok    ok
        POST resource_instances/action                ok    ok    ok    ok
        GET tags                                      ok    ok    ok    ok
        POST describe-key                             ok    ok    ok    ok
        POST enable-key                               1201  ok:2  1201  1201
        POST disable-key                              ok:3  1301  1301  1301
        POST schedule-key-deletion                    ok:4  ok:4  1402  ok:4
        POST cancel-key-deletion                      1501  1501  ok:3  1501
        POST cancel-key-deletion(external)            1501  1501  ok:3  1501
        POST cancel-key-deletion(empty)               -     -     ok:5  1501
        POST create-datakey                           ok    0209  0210  1301
        POST create-datakey-without-plaintext         ok    0209  0210  1301
        POST encrypt-datakey                          ok    0209  0210  1301
        POST decrypt-datakey                          ok    0209  0210  1301
        POST encrypt-data                             ok    0209  0210  1301
        POST decrypt-data                             ok    0209  0210  1301
        POST encrypt-data(EC_P256)                    0308  0308  0308  -
        POST decrypt-data(external)                   ok    0209  0210  1301
        POST update-key-alias                         ok    ok    0210  ok
        POST update-key-description                   ok    ok    0210  ok
        POST get-parameters-for-import                0309  0309  0309  ok
        POST get-parameters-for-import(external)      ok    ok    0210  ok
        POST import-key-material                      0309  0309  0309  -
        POST import-key-material(external)            0310  0310  0310  ok:2
        POST delete-imported-key-material             0309  0309  0309  2701
        POST delete-imported-key-material(external)   ok:5  ok:5  2701  2701
        GET {key_id}/tags                             ok    ok    ok    ok
        POST {key_id}/tags                            ok    ok    0210  ok
        POST {key_id}/tags/action                     ok    ok    0210  ok
        DELETE {key_id}/tags/{key}                    ok    ok    0210  ok
        POST enable-key-rotation                      ok    0209  0210  0312
        POST enable-key-rotation(external)            0312  -     0312  0312
        POST enable-key-rotation(EC_P256)             0308  0308  0308  -
        POST disable-key-rotation                     ok    0209  0210  0312
        POST disable-key-rotation(rotating)           ok    0209  0210  -
        POST update-key-rotation-interval             0313  0209  0210  0312
        POST update-key-rotation-interval(rotating)   ok    0209  0210  -
        POST update-key-rotation-interval(EC_P256)    0308  0308  0308  -
        POST get-key-rotation-status                  ok    ok    ok    ok
        POST create-grant                             ok    ok    0210  ok
        POST list-grants                              ok    ok    ok    ok
        POST revoke-grant                             ok    ok    ok    ok
        POST retire-grant                             ok    ok    ok    ok
        POST sign                                     0308  0308  0308  0308
        POST sign(EC_P256)                            ok    0209  0210  -
        POST verify                                   0308  0308  0308  0308
        POST verify(EC_P256)                          ok    0209  0210  -
        POST get-publickey                            0308  0308  0308  0308
        POST get-publickey(EC_P256)                   ok    0209  0210  -
        POST schedule-key-deletion(EC_P256)           ok:4  ok:4  1402  -
        POST enable-key(default)                      1201  -     -     -
        POST disable-key(default)                     0211  -     -     -
        POST schedule-key-deletion(default)           0211  -     -     -
        POST cancel-key-deletion(default)             1501  -     -     -
        POST update-key-alias(default)                0211  -     -     -
        POST update-key-description(default)          0211  -     -     -
        POST encrypt-data(default)                    ok    -     -     -
        POST describe-key(default)                    ok    -     -     -
        """;

    private static readonly string[] s_states = ["2", "3", "4", "5"];

    public static IEnumerable<object[]> Cells =>
        from line in Table.Split('\n')
        let row = line[..46].Trim()
        let expected = line[46..].Split(' ', StringSplitOptions.RemoveEmptyEntries)
        from state in Enumerable.Range(0, s_states.Length)
        where expected[state] != "-"
        from proof in Enum.GetValues<Proof>()
        select new object[] { row, s_states[state], expected[state], proof };

    [Fact]
    public void Table_AgainstTheServersTable_HasEveryEndpoint() => Assert.Equal(
        Requests.All,
        Cells.Select(cell => ((string)cell[0]).Split('(')[0]).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Call_OnAKeyInAState_GetsTheTablesAnswer(string row, string state, string expected, Proof proof)
    {
        var (endpoint, kind) = row.Split('(', ')') is [var name, var inBrackets, _] ? (name, inBrackets) : (row, "");
        var project = await server.ProjectAsync(proof);
        var made = new KeyInState(project, kind, state);
        await made.MakeAsync(needsMaterial: endpoint.Contains("decrypt", StringComparison.Ordinal));
        var ask = await AskAsync(endpoint, made, isReal: expected == "ok:2");
        await made.BringAsync();

        var before = await project.PictureAsync(made.KeyId);
        if (!expected.StartsWith("ok", StringComparison.Ordinal))
        {
            await project.RefusedAsync($"KMS.{expected}", ask);
            Assert.Equal(before, await project.PictureAsync(made.KeyId));
            return;
        }

        var answer = await project.SendAsync(ask);
        answer.AssertOk(answer.Status == 204 ? 204 : 200);
        var after = await project.StateAsync(made.KeyId);
        Assert.Equal(expected == "ok" ? state : expected[3..], after);
        if (answer.Status == 200 && answer.Has("key_state")) Assert.Equal(after, answer["key_state"]);
        if (answer.Status == 200 && answer.Has("key_info.key_state")) Assert.Equal(after, answer["key_info.key_state"]);
    }

    // Only an import that is to succeed needs a real token: a state is looked at before it.
    private static async Task<Ask> AskAsync(string endpoint, KeyInState made, bool isReal) =>
        endpoint == "POST import-key-material" && isReal
            ? Ask.Post("import-key-material", (await made.Project.TokenAsync(made.KeyId)).With(Tenant.NewMaterial()))
            : await Requests.OfAsync(endpoint, made.Project, made.KeyId);
}
