using KmsActors.Grains;

namespace KmsActors.Operations;

/// <summary>Describes an access key of the context's account or of one of its users.</summary>
/// <param name="AccessKeyId">The access key.</param>
public sealed record DescribeAccessKey(string AccessKeyId) : IOperation<AccessKeyState>
{
    /// <inheritdoc/>
    public ValueTask<Outcome<AccessKeyState>> RunAsync(OperationContext context) =>
        context.ReadAccessKeyAsync(AccessKeyId);
}
