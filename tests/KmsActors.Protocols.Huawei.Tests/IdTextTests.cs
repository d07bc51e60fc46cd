namespace KmsActors.Protocols.Huawei.Tests;

public class IdTextTests
{
    [Theory]
    [InlineData(Calls.KeyId, true, true)]
    [InlineData("zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz", true, true)]
    [InlineData("0D0466B0-E727-4D9C-B35D-F84BB474A37F", false, true)]
    [InlineData("", false, false)]
    [InlineData("0d0466b0e7274d9cb35df84bb474a37f", false, false)]
    [InlineData("0d0466b0-e727-4d9c-b35d-f84bb474a37", false, false)]
    [InlineData("0d0466b0-e727-4d9c-b35d-f84bb474a37f0", false, false)]
    [InlineData("0d0466b0-e727-4d9c-b35d-f84bb474a37f\n", false, false)]
    [InlineData("0d0466b0-e727-4d9c-b35d_f84bb474a37f", false, false)]
    [InlineData("0d0466b0-e727-4d9c-b35d-f84bb474a3-f", false, false)]
    [InlineData("0d0466b0-e727-4d9c-b35d-f84bb474a37密", false, false)]
    [InlineData("-d0466b0-e727-4d9c-b35d-f84bb474a37f", false, false)]
    public void Text_OfEitherKind_HasItsForm(string text, bool isKeyId, bool isSequence)
    {
        Assert.Equal(isKeyId, IdText.IsKeyId(text));
        Assert.Equal(isSequence, IdText.IsSequence(text));
    }
}
