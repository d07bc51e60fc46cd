using System.Runtime.InteropServices;
using KmsActors.Hsa;

namespace KmsActors.Operations;

/// <summary>What is signed: a digest, or a message that is still to be hashed as its key's kind has it.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SignedContent
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly bool _isMessage;

    private SignedContent(ReadOnlyMemory<byte> bytes, bool isMessage)
    {
        _bytes = bytes;
        _isMessage = isMessage;
    }

    /// <summary>A digest of 32 bytes, which the caller has computed.</summary>
    public static SignedContent OfDigest(ReadOnlyMemory<byte> digest) => new(digest, false);

    /// <summary>A message.</summary>
    public static SignedContent OfMessage(ReadOnlyMemory<byte> message) => new(message, true);

    /// <summary>Its digest, for signatures by this pair.</summary>
    internal ReadOnlySpan<byte> DigestFor(IKeyPair pair) => _isMessage ? pair.Digest(_bytes.Span) : _bytes.Span;
}
