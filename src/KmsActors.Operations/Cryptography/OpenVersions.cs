using KmsActors.Grains;
using KmsActors.Hsa;

namespace KmsActors.Operations;

/// <summary>The versions of one snapshot of a CMK, each opened when it is first asked for.</summary>
/// <threadsafety>All members may be called from any thread at once.</threadsafety>
internal sealed class OpenVersions(IHsa hsa, string account, string keyId, CmkState state) : IDisposable
{
    private readonly Lock _opening = new();
    private readonly IKeyHandle?[] _handles = new IKeyHandle?[state.Versions.Length];
    private bool _disposed;

    /// <summary>The version at this place among the state's.</summary>
    /// <exception cref="ObjectDisposedException">The key has changed since; read it again.</exception>
    public IKeyHandle this[int index] => Volatile.Read(ref _handles[index]) ?? Open(index);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_opening)
        {
            _disposed = true;
            foreach (var handle in _handles) handle?.Dispose();
        }
    }

    private IKeyHandle Open(int index)
    {
        lock (_opening)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_handles[index] is { } opened) return opened;
            var version = state.Versions[index];
            var binding = KeyMaterial.BindingOf(account, keyId, version.Id, state.Spec, state.ProtectionLevel);
            var handle = hsa.OpenKey(binding, version.WrappedMaterial);
            Volatile.Write(ref _handles[index], handle);
            return handle;
        }
    }
}
