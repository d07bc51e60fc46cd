using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace KmsActors.Protocols.Http;

/// <summary>SipHash-2-4: a keyed hash of 64 bits whose collisions nobody can find without the key.</summary>
internal static class SipHash
{
    public const int KeyBytes = 16;

    public static ulong Hash(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data)
    {
        ulong k0 = BinaryPrimitives.ReadUInt64LittleEndian(key);
        ulong k1 = BinaryPrimitives.ReadUInt64LittleEndian(key[8..]);
        State state = new(k0, k1);

        ulong last = (ulong)data.Length << 56;
        for (; data.Length >= 8; data = data[8..])
            state.Absorb(BinaryPrimitives.ReadUInt64LittleEndian(data));
        for (int i = 0; i < data.Length; i++) last |= (ulong)data[i] << (8 * i);
        state.Absorb(last);
        return state.Finish();
    }

    [StructLayout(LayoutKind.Auto)]
    private struct State(ulong k0, ulong k1)
    {
        private ulong _v0 = k0 ^ 0x736f6d6570736575;
        private ulong _v1 = k1 ^ 0x646f72616e646f6d;
        private ulong _v2 = k0 ^ 0x6c7967656e657261;
        private ulong _v3 = k1 ^ 0x7465646279746573;

        public void Absorb(ulong word)
        {
            _v3 ^= word;
            Round();
            Round();
            _v0 ^= word;
        }

        public ulong Finish()
        {
            _v2 ^= 0xff;
            for (int i = 0; i < 4; i++) Round();
            return _v0 ^ _v1 ^ _v2 ^ _v3;
        }

        private void Round()
        {
            unchecked
            {
                _v0 += _v1;
                _v1 = BitOperations.RotateLeft(_v1, 13) ^ _v0;
                _v0 = BitOperations.RotateLeft(_v0, 32);
                _v2 += _v3;
                _v3 = BitOperations.RotateLeft(_v3, 16) ^ _v2;
                _v0 += _v3;
                _v3 = BitOperations.RotateLeft(_v3, 21) ^ _v0;
                _v2 += _v1;
                _v1 = BitOperations.RotateLeft(_v1, 17) ^ _v2;
                _v2 = BitOperations.RotateLeft(_v2, 32);
            }
        }
    }
}
