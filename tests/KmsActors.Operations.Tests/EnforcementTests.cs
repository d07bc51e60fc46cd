using KmsActors.Grains;
using KmsActors.Grains.Hosting;
using KmsActors.Hsa;
using static KmsActors.Grains.PolicyEffect;

namespace KmsActors.Operations.Tests;

/// <summary>
/// Every operation obeys the caller's rights: to one key and not another, in one enterprise project and not
/// another.
/// </summary>
public sealed class EnforcementTests(Service service) : IClassFixture<Service>, IAsyncLifetime
{
    private static readonly EncryptionContext None = EncryptionContext.Empty;
    private static readonly byte[] Digest = new byte[32];

    // The service's own, and those of whoever manages users.
    private static readonly string[] Exempt =
    [
        nameof(RotateKey), nameof(EnsureDefaultKey), nameof(CreateAccount), nameof(CreateAccessKey), nameof(SetAccessKeyStatus),
        nameof(CreateUser), nameof(DeleteUser), nameof(SetUserPassword), nameof(SetUserStatus), nameof(SetUserPolicies),
        nameof(CheckUserPassword), nameof(CreateGroup), nameof(DeleteGroup), nameof(SetGroupPolicies), nameof(ChangeAccountLimits),
        nameof(RenameAccount), nameof(SetAccountStatus), nameof(ScheduleAccountDeletion), nameof(CancelAccountDeletion),
        nameof(DescribeAccount), nameof(ListAccounts), nameof(CreateProject), nameof(SetProjectStatus), nameof(ListProjects),
        nameof(GetAccountLimits), nameof(PutAccessKey), nameof(RotateAccessKey), nameof(DeleteAccessKey),
        nameof(DescribeAccessKey), nameof(ListAccessKeys), nameof(ListUsers), nameof(DescribeUser), nameof(ListGroups),
        nameof(DescribeGroup),
        nameof(AddUserToGroup), nameof(RemoveUserFromGroup), nameof(IssueAuthToken), nameof(RevokeAuthToken),
    ];

    private readonly Dictionary<string, Func<Rights, Task<Refusal?>>> _calls = [];
    private string _key = "";

    public async Task InitializeAsync()
    {
        _key = await KeyAsync("0");
        var pair = (await service.OkAsync(new CreateKey { Spec = KeySpec.EcSm2 })).KeyId;
        var alias = $"alias of {_key}";
        await service.OkAsync(new CreateAlias(alias, _key));
        var key = KeyReference.ById(_key);
        var (encrypt, sign) = (KeyReference.ById(pair), SignatureAlgorithm.Sm2Dsa);
        var ciphertext = (await service.OkAsync(new Encrypt(key, new byte[1], PlaintextForm.Bytes, None))).Ciphertext;
        var target = new ExportTarget(KeyType.Rsa2048, EncryptionAlgorithm.OaepSha256, new byte[1]);
        Add(new AsymmetricEncrypt(encrypt, null, EncryptionAlgorithm.Sm2Pke, new byte[1]));
        Add(new AsymmetricDecrypt(encrypt, null, EncryptionAlgorithm.Sm2Pke, new byte[1]));
        Add(new AsymmetricSign(encrypt, null, sign, SignedContent.OfDigest(Digest)));
        Add(new AsymmetricVerify(encrypt, null, sign, SignedContent.OfDigest(Digest), new byte[1]));
        Add(new GetPublicKey(encrypt, null));
        Add(new CreateAlias("new", _key));
        Add(new DeleteAlias(alias));
        Add(new UpdateAlias(alias, pair));
        Add(new RenameKey(_key, "new"));
        Add(new RemoveKeyName(_key));
        Add(new ListAliasesByKeyId(_key, 0, 1));
        Add(new Encrypt(KeyReference.ByAlias(alias), new byte[1], PlaintextForm.Bytes, None));
        Add(new Decrypt(ciphertext, None));
        Add(new ReEncrypt(ciphertext, None, key, None));
        Add(new ExportDataKey(ciphertext, None, target));
        Add(new GenerateAndExportDataKey(key, 1, None, target));
        Add(new GenerateDataKey(key, 1, None));
        Add(new GenerateDataKeyWithoutPlaintext(key, 1, None));
        Add(new GetParametersForImport(_key, ImportWrapping.Sm2Pke));
        Add(new ImportKeyMaterial(_key, new byte[1], new byte[1], null));
        Add(new DeleteKeyMaterial(_key));
        Add(new CancelKeyDeletion(_key, KeyState.Enabled));
        Add(new ChangeRotationInterval(_key, TimeSpan.FromDays(7)));
        Add(new UpdateRotationPolicy(_key, TimeSpan.FromDays(7)));
        Add(new CreateKeyVersion(encrypt));
        Add(new DescribeKeyVersion(_key, "v"));
        Add(new ListKeyVersions(key, 0, 1));
        Add(new DescribeKey(key));
        Add(new EnableKey(_key));
        Add(new DisableKey(_key));
        Add(new ScheduleKeyDeletion(_key, 7));
        Add(new UpdateKeyDescription(_key, "new"));
        Add(new ListResourceTags(_key));
        Add(new SetKeyRate(_key, null));
        Add(new GetKeyRate(_key));
        Add(new TagResource(_key, []));
        Add(new UntagResource(_key, []));
        Add(new EnableKeyRotation(_key, TimeSpan.FromDays(7)));
        Add(new CreateGrant(_key, "user", false, ["encrypt-data"]));
        Add(new ListGrants(_key, 0, 1));
        Add(new RetireGrant(_key, "grant"));
        Add(new RevokeGrant(_key, "grant"));
        Add(new CreateKey());
        Add(new GenerateRandom(1));
        Add(new GetKeyQuota());
        Add(new CountKeys(KeyFilter.None));
        Add(new ListKeys(KeyFilter.None, 0, 1));
        Add(new ListKeyDescriptions(KeyFilter.None, 0, 1));
        Add(new ListNamedKeys([_key], 0, 1));
        Add(new ListTags());
        Add(new ListAliases(0, 1));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public void Calls_HaveEveryOperation() => Assert.Equal(
        typeof(IOperation<>).Assembly.GetTypes()
            .Where(type => type.GetInterfaces().Any(each =>
                each.IsGenericType && each.GetGenericTypeDefinition() == typeof(IOperation<>)))
            .Select(type => type.Name).Except(Exempt).Order(),
        _calls.Keys.Order());

    [Fact]
    public async Task Operation_InAnotherEnterpriseProject_IsRefused_UnlessItIsAboutNoKey()
    {
        string[] allowed =
        [
            "GenerateRandom", "GetKeyQuota", "CountKeys", "ListKeys", "ListKeyDescriptions", "ListNamedKeys", "ListTags",
        ];
        var rights = RightsOf(PolicyScope.OfEnterpriseProject("7"));
        foreach (var (name, call) in _calls)
        {
            RefusalCode? expected = allowed.Contains(name) ? null
                : name == nameof(ListAliases) ? RefusalCode.CallForbidden
                : RefusalCode.KeyForbidden;
            Assert.Equal((name, expected), (name, (await call(rights))?.Code));
        }
    }

    [Fact]
    public async Task Operation_WithRightsToAnotherKeyOnly_IsRefused()
    {
        string[] keyless =
        [
            "CreateKey", "GenerateRandom", "GetKeyQuota", "CountKeys", "ListKeys", "ListKeyDescriptions", "ListTags",
            "ListAliases", "ListNamedKeys",
        ];
        var rights = RightsOf(PolicyScope.All, "another key");
        foreach (var (name, call) in _calls)
        {
            var expected = keyless.Contains(name) ? RefusalCode.CallForbidden : RefusalCode.KeyForbidden;
            Assert.Equal((name, expected), (name, (await call(rights))?.Code));
        }
    }

    [Fact]
    public async Task Operation_WithTheRight_IsNotForbidden()
    {
        foreach (var (name, call) in _calls.Where(each => each.Key != nameof(ScheduleKeyDeletion)))
        {
            var code = (await call(RightsOf(PolicyScope.All)))?.Code;
            Assert.False(code is RefusalCode.KeyForbidden or RefusalCode.CallForbidden, name);
        }
    }

    [Fact]
    public async Task UpdateAlias_AndReEncrypt_NeedTheRightToBothKeys()
    {
        var other = await KeyAsync("0");
        var alias = $"moved from {_key}";
        await service.OkAsync(new CreateAlias(alias, _key));
        var (one, two) = (RightsOf(PolicyScope.All, _key), RightsOf(PolicyScope.All, other));
        Assert.Equal(RefusalCode.KeyForbidden, await service.CodeOfAsync(new UpdateAlias(alias, other), one));
        Assert.Equal(RefusalCode.KeyForbidden, await service.CodeOfAsync(new UpdateAlias(alias, other), two));
        var (from, to) = (KeyReference.ById(_key), KeyReference.ById(other));
        var ciphertext = (await service.OkAsync(new Encrypt(from, new byte[1], PlaintextForm.Bytes, None))).Ciphertext;
        var move = new ReEncrypt(ciphertext, None, to, None);
        Assert.Equal(RefusalCode.KeyForbidden, await service.CodeOfAsync(move, one));
        Assert.Equal(RefusalCode.KeyForbidden, await service.CodeOfAsync(move, two));
        var both = RightsOf(PolicyScope.All, _key, other);
        Assert.Null(await service.CodeOfAsync(move, both));
        Assert.Null(await service.CodeOfAsync(new UpdateAlias(alias, other), both));
    }

    [Fact]
    public async Task Operation_OfAnUnknownKey_IsNotFound_WhateverTheRights() => Assert.Equal(
        RefusalCode.KeyNotFound,
        await service.CodeOfAsync(new EnableKey("unknown"), RightsOf(PolicyScope.All, "another key")));

    private static Rights RightsOf(PolicyScope scope, params string[] keys)
    {
        var policy = new AttachedPolicy
        {
            Name = "p",
            Scope = scope,
            Statements = [new PolicyStatement { Effect = Allow, Actions = ["*"], Resources = [.. keys] }],
        };
        return Rights.Of([policy], ["any"], "");
    }

    private async Task<string> KeyAsync(string project) =>
        (await service.OkAsync(new CreateKey { EnterpriseProject = project })).KeyId;

    private void Add<T>(IOperation<T> operation) => _calls.Add(
        operation.GetType().Name, async rights => (await operation.RunAsync(service.Context(rights))).Refusal);
}
