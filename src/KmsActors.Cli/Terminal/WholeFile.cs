namespace KmsActors.Cli;

/// <summary>
/// A file that only its user can read, and that has its name only when all of it is written: until then it has another
/// in the same directory, and goes away if it is given up.
/// </summary>
internal sealed class WholeFile : IAsyncDisposable
{
    private readonly string _path;
    private readonly bool _replaces;
    private bool _isWhole;

    private WholeFile(string path, bool replaces, FileStream stream)
    {
        (_path, _replaces, Stream) = (path, replaces, stream);
    }

    /// <summary>What to write to.</summary>
    public FileStream Stream { get; }

    /// <summary>Makes the file.</summary>
    /// <param name="path">Its name in the end.</param>
    /// <param name="replaces">Whether another of this name may be there.</param>
    /// <exception cref="CliException">There is one, or it cannot be made.</exception>
    public static WholeFile Create(string path, bool replaces)
    {
        if (!replaces && Path.Exists(path)) throw new CliException($"{path} is there already: --force replaces it.");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var unfinished = $"{path}.{Path.GetRandomFileName()}.part";
        return new WholeFile(path, replaces, Files.Opened(path, () => new FileStream(unfinished, options)));
    }

    /// <summary>Gives it its name.</summary>
    /// <exception cref="IOException">It cannot be written, or there is one of this name by now.</exception>
    public async Task FinishAsync()
    {
        Stream.Flush(flushToDisk: true);
        await Stream.DisposeAsync();
        File.Move(Stream.Name, _path, _replaces);
        _isWhole = true;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Stream.DisposeAsync();
        if (!_isWhole) File.Delete(Stream.Name);
    }
}
