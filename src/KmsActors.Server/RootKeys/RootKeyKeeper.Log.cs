namespace KmsActors.Server;

/// <content>What is said of the root key's life.</content>
internal sealed partial class RootKeyKeeper
{
    [LoggerMessage(320, LogLevel.Information, "Root key version {Version} made: all is to be wrapped anew")]
    private partial void LogMade(long version);

    [LoggerMessage(321, LogLevel.Information, "Root key versions before {Version} destroyed: nothing needs them")]
    private partial void LogRetired(long version);

    [LoggerMessage(322, LogLevel.Information, "The root key was sealed by {Former}, and is by {Custody} from now on")]
    private partial void LogResealed(string former, string custody);

    [LoggerMessage(323, LogLevel.Critical,
        "A version of the root key cannot be opened: start this node with what seals it now. {Why}")]
    private partial void LogSealedOtherwise(string why);
}
