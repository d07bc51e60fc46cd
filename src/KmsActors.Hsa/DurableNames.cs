namespace KmsActors.Hsa;

/// <summary>Names of files that outlast a loss of power; .NET only sees to what is in files.</summary>
public static class DurableNames
{
    /// <summary>Returns when what was made, renamed or removed in a directory is on its disk.</summary>
    /// <param name="directory">The directory.</param>
    /// <exception cref="IOException">The system refuses.</exception>
    public static void Flush(string directory) => NativeMethods.FlushDirectory(directory);
}
