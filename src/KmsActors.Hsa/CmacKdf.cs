using System.Buffers.Binary;

namespace KmsActors.Hsa;

/// <summary>
/// The key derivation of XAES-256-GCM (C2SP), SP 800-108r1 in counter mode with CMAC, for any block cipher of
/// 16 bytes and any one-byte label: one cipher block for each of output, so a token that has the cipher can
/// do it too.
/// </summary>
internal static class CmacKdf
{
    public const int BlockSize = 16;

    /// <summary>The label of a message's key, the specification's 'X'.</summary>
    public const byte MessageKeyLabel = (byte)'X';

    /// <summary>Writes the blocks which, encrypted, are the output.</summary>
    /// <param name="label">What the output is for.</param>
    /// <param name="context">12 bytes.</param>
    /// <param name="k1">From <see cref="Double"/>.</param>
    /// <param name="blocks">Whole blocks, 255 at most.</param>
    public static void WriteBlocks(
        byte label, ReadOnlySpan<byte> context, ReadOnlySpan<byte> k1, Span<byte> blocks)
    {
        blocks.Clear();
        for (int i = 0; i < blocks.Length / BlockSize; i++)
        {
            Span<byte> block = blocks.Slice(i * BlockSize, BlockSize);
            block[1] = (byte)(i + 1);
            block[2] = label;
            context.CopyTo(block[4..]);
            for (int at = 0; at < BlockSize; at++)
                block[at] ^= k1[at];
        }
    }

    /// <summary>Makes the specification's K1 of its L, a zero block encrypted: L doubled in GF(2^128).</summary>
    public static void Double(Span<byte> block)
    {
        UInt128 l = BinaryPrimitives.ReadUInt128BigEndian(block);
        // A mask in place of a branch: the top bit of L is secret.
        UInt128 carry = unchecked(UInt128.Zero - (l >> 127)) & 0x87;
        BinaryPrimitives.WriteUInt128BigEndian(block, (l << 1) ^ carry);
    }
}
