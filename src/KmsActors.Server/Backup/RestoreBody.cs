using System.Text.Json.Serialization;

namespace KmsActors.Server;

/// <summary>Which copy the database is, or is going to be; the database itself remembers it.</summary>
/// <param name="RequestId">The call by which it came.</param>
/// <param name="At">When it was decided on, UTC.</param>
/// <param name="Sha256">The SHA-256 of the copy, in lower-case hexadecimal digits.</param>
internal sealed record RestoreBody(string RequestId, DateTimeOffset At, string Sha256)
{
    public const string MetaName = "restored";
}

[JsonSerializable(typeof(RestoreBody))]
internal sealed partial class RestoreJson : JsonSerializerContext;
