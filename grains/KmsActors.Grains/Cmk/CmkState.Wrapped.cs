namespace KmsActors.Grains;

/// <content>The material of all versions, as the HSA has wrapped it.</content>
public sealed partial record CmkState : IHoldsWrapped
{
    /// <inheritdoc/>
    IEnumerable<byte[]> IHoldsWrapped.Wrapped =>
        Versions.Select(version => version.WrappedMaterial).OfType<byte[]>();

    /// <inheritdoc/>
    IHoldsWrapped IHoldsWrapped.Rewrapped(Func<byte[], byte[]> rewrap) => this with
    {
        Versions =
        [
            .. Versions.Select(version => version.WrappedMaterial is { } blob
                ? version with { WrappedMaterial = rewrap(blob) }
                : version),
        ],
    };
}
