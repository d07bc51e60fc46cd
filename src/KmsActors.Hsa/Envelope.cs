namespace KmsActors.Hsa;

/// <summary>How a plaintext was given, so that it goes back the same way. The numbers are stored.</summary>
public enum PlaintextForm
{
    /// <summary>Bytes.</summary>
    Bytes = 0,

    /// <summary>Text that is not Base64 where Base64 was asked for; it goes back as that text.</summary>
    VerbatimText = 1,
}
