using System.Collections.Immutable;
using static KmsActors.Grains.Tests.GrainFixture;
using static KmsActors.Grains.Tests.GrantFixture;

namespace KmsActors.Grains.Tests;

/// <summary>Grants of keys, as they bear on what policies say.</summary>
public sealed class KeyGrantRightsTests
{
    private static readonly ImmutableArray<string> Names = ["kms:cmk:crypto"];

    [Theory]
    [InlineData("encrypt-data", User, true)]
    [InlineData("decrypt-data", User, false)]
    [InlineData("encrypt-data", Other, false)]
    [InlineData(null, User, false)]
    public void Grant_ForAUser_AllowsThatUserWhatItSays(string? operation, string userId, bool isAllowed)
    {
        var rights = Rights.Of([], Names, "p", new GrantClaim(Account, userId, operation));
        Assert.Equal(operation is not null, rights.MayCall);
        Assert.Equal(isAllowed, rights.MayUse(KeyId, Granted(Grant("1"))));
        Assert.False(rights.MayUse(KeyId, New()));
    }

    [Theory]
    [InlineData(Account, true)]
    [InlineData("another", false)]
    public void Grant_ForTheAccount_AllowsAllItsUsers(string account, bool isAllowed)
    {
        var rights = Rights.Of([], Names, "p", new GrantClaim(account, Other, "encrypt-data"));
        var key = Granted(Grant("1") with { Grantee = Account, IsForAccount = true });
        Assert.Equal(isAllowed, rights.MayUse(KeyId, key));
    }

    [Fact]
    public void Grant_AgainstAPolicyThatDenies_AllowsNothing()
    {
        var claim = new GrantClaim(Account, User, "encrypt-data");
        Assert.False(Rights.Of([Policy(PolicyEffect.Deny)], Names, "p", claim).MayUse(KeyId, Granted(Grant("1"))));
        Assert.True(Rights.Of([Policy(PolicyEffect.Allow)], Names, "p", claim).MayUse(KeyId, New()));
    }

    [Fact]
    public void UserWithoutPolicies_LearnsNothingOfKeysThatNoGrantOpens()
    {
        var claim = new GrantClaim(Account, User, "encrypt-data");
        var granted = Granted(Grant("1"));
        var none = Rights.Of([], Names, "p", claim);
        Assert.Null(none.Forbids(KeyId, granted));
        Assert.Equal(RefusalCode.CallForbidden, none.Forbids(KeyId, New())?.Code);
        Assert.Equal(RefusalCode.CallForbidden, none.Forbids(KeyId, null)?.Code);

        var elsewhere = Policy(PolicyEffect.Allow) with { Scope = PolicyScope.OfEnterpriseProject("e") };
        var some = Rights.Of([elsewhere], Names, "p", claim);
        Assert.Null(some.Forbids(KeyId, granted));
        Assert.Equal(RefusalCode.KeyForbidden, some.Forbids(KeyId, New())?.Code);
        Assert.Equal(RefusalCode.KeyNotFound, some.Forbids(KeyId, null)?.Code);
    }

    private static AttachedPolicy Policy(PolicyEffect effect) => new()
    {
        Name = "n",
        Statements = [new PolicyStatement { Effect = effect, Actions = ["kms:*"] }],
    };
}
