using KmsActors.Operations;

namespace KmsActors.Protocols.Tencent.Tests;

public class ActionTableTests
{
    // The nine of seed 002, and the two that the vendor's clients call beside them.
    [Fact]
    public void Names_AreThoseOfTheDocumentAndTheClients() => Assert.Equal(
        new[]
        {
            "CancelKeyDeletion", "CreateKey", "Decrypt", "DisableKey", "EnableKey", "Encrypt", "GenerateDataKey",
            "GetKeyAttributes", "ListKey", "ScheduleKeyDeletion", "SetKeyAttributes",
        },
        ActionTable.Names.Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("createKey")]
    [InlineData("CreateKey ")]
    [InlineData("CreateKey\0")]
    [InlineData("")]
    public void Find_AnotherName_IsNone(string name) => Assert.Null(ActionTable.Find(name));

    // All of them, so that a new one has to be thought about: one that changes something is served once by all nodes.
    [Fact]
    public void Actions_ChangeSomethingOrDoNot()
    {
        var all = ActionTable.Names.Order(StringComparer.Ordinal).ToLookup(
            name => ActionTable.Find(name)!.Policy.Effect == ActionEffect.Writes);
        Assert.Equal(
            ["CancelKeyDeletion", "CreateKey", "DisableKey", "EnableKey", "ScheduleKeyDeletion", "SetKeyAttributes"],
            all[true]);
        Assert.Equal(["Decrypt", "Encrypt", "GenerateDataKey", "GetKeyAttributes", "ListKey"], all[false]);
    }
}
