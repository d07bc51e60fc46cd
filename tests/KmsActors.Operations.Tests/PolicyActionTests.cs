using System.Reflection;
using KmsActors.Grains;
using static KmsActors.Grains.PolicyEffect;

namespace KmsActors.Operations.Tests;

/// <summary>Every action that policies know, by each of its names.</summary>
public sealed class PolicyActionTests(Service service) : IClassFixture<Service>
{
    private static readonly Dictionary<string, PolicyAction> All = typeof(PolicyAction)
        .GetProperties(BindingFlags.Public | BindingFlags.Static)
        .ToDictionary(property => property.Name, property => (PolicyAction)property.GetValue(null)!);

    public static TheoryData<string> Actions() => new(All.Keys);

    // Seed 003, 5.2 and A.4, in its order.
    [Fact]
    public void Names_HaveAllOfTheDocuments()
    {
        string[] document =
        [
            "kms:cmk:create", "kms:cmk:enable", "kms:cmk:disable", "kms:cmk:update", "kms:cmk:list", "kms:cmk:get",
            "kms:cmk:generate", "kms:dek:create", "kms:dek:crypto", "kms:cmk:getInstance", "kms:cmk:getQuota",
            "kms:cmk:crypto", "kms:cmk:getMaterial", "kms:cmk:importMaterial", "kms:cmk:deleteMaterial",
            "kms:cmkTag:listInstance", "kms:cmkTag:list", "kms:cmkTag:batch", "kms:cmkTag:create", "kms:cmkTag:delete",
        ];
        Assert.Empty(document.Except(All.Values.SelectMany(action => action.Names)));
    }

    [Theory]
    [MemberData(nameof(Actions))]
    public async Task User_WithExactlyThatAction_MayCallIt_ByAnyOfItsNames_AndWithAllButThatNotAtAll(string name)
    {
        var action = All[name];
        var user = $"user-{name}";
        await service.OkAsync(new CreateUser(user));
        foreach (var given in action.Names)
        {
            await service.OkAsync(new SetUserPolicies(user, [Service.Policy(Allow, given)]));
            Assert.False((await service.RightsAsync(user, action)).Refused(out _), given);
            foreach (var (otherName, other) in All)
            {
                var shared = other.Names.Contains(given);
                Assert.True((await service.RightsAsync(user, other)).Refused(out _) != shared, $"{given}: {otherName}");
            }

            await service.OkAsync(new SetUserPolicies(user, [Service.Policy(Allow, "*"), Service.Policy(Deny, given)]));
            Assert.Equal(RefusalCode.CallForbidden, (await service.RightsAsync(user, action)).Refusal?.Code);
            foreach (var other in All.Values.Where(other => !other.Names.Contains(given)))
                Assert.False((await service.RightsAsync(user, other)).Refused(out _));
        }
    }
}
