using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KmsActors.Hsa.Pkcs11.Cryptoki;

/// <summary>
/// What an object is to be, or is looked for by: attributes with their values. Its memory is never moved, and lives as
/// long as it does: whoever passes <see cref="Attributes"/> to a library keeps it alive.
/// </summary>
/// <threadsafety>Once complete, all members may be called from any thread at once.</threadsafety>
internal sealed unsafe class Template
{
    private const int MostAttributes = 24;

    private readonly CkAttribute[] _attributes =
        GC.AllocateArray<CkAttribute>(MostAttributes, pinned: true);

    // Each value has pinned memory of its own, held by its array.
    private readonly List<byte[]> _values = [];

    /// <summary>The attributes, for a call.</summary>
    public CkAttribute* Attributes =>
        (CkAttribute*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_attributes));

    /// <summary>How many there are.</summary>
    public nuint Count => (nuint)_values.Count;

    public Template With(AttributeType type, bool value) => With(type, [value ? (byte)1 : (byte)0]);

    public Template With(AttributeType type, uint value) => With(type, AsBytes([value]));

    public Template With(ObjectClass value) => With(AttributeType.Class, (uint)value);

    public Template With(TokenKeyType value) => With(AttributeType.KeyType, (uint)value);

    /// <summary>CKA_ALLOWED_MECHANISMS.</summary>
    public Template Allowing(params ReadOnlySpan<MechanismType> mechanisms)
    {
        Span<nuint> numbers = stackalloc nuint[mechanisms.Length];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = (nuint)mechanisms[i];
        return With(AttributeType.AllowedMechanisms, MemoryMarshal.AsBytes(numbers));
    }

    /// <summary>Copies the value; no secrets.</summary>
    public Template With(AttributeType type, ReadOnlySpan<byte> value)
    {
        byte[] copy = GC.AllocateUninitializedArray<byte>(Math.Max(1, value.Length), pinned: true);
        value.CopyTo(copy);
        _attributes[_values.Count] = new CkAttribute
        {
            Type = (nuint)type,
            Value = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(copy)),
            Length = (nuint)value.Length,
        };
        _values.Add(copy);
        return this;
    }

    private static ReadOnlySpan<byte> AsBytes(ReadOnlySpan<uint> value)
    {
        nuint[] wide = [value[0]];
        return MemoryMarshal.AsBytes<nuint>(wide);
    }
}
