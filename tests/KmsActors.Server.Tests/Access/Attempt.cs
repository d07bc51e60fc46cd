using System.Security.Cryptography;

namespace KmsActors.Server.Tests.Access;

/// <summary>A call that names what is another account's.</summary>
/// <param name="Operation">Of which operation.</param>
/// <param name="What">What it names, and how.</param>
/// <param name="Code">The answer, as if there were no such thing; empty for a success.</param>
/// <param name="Parameters">What names it.</param>
internal sealed record Attempt(string Operation, string What, string Code, params string[] Parameters)
{
    /// <summary>Makes another use of a good call.</summary>
    public Func<Call, Call> Use { get; init; } = call => call;

    /// <summary>How the other account's own good call, or else this, names what is its.</summary>
    public Func<IsolationServer, string, string> Theirs { get; init; } = (_, value) => value;

    /// <summary>How what never was is named, in place of what a good call of one's own names.</summary>
    public Func<IsolationServer, string, string> Unknown { get; init; } = (_, value) => Like(value);

    /// <summary>The name of what is another's is free: the call changes something, for its caller alone.</summary>
    public bool Makes { get; init; }

    /// <summary>It is not by a credential, so it makes no difference by which.</summary>
    public bool IsAnonymous { get; init; }

    public Call Foreign(IsolationServer server, Call mine, Call theirs)
    {
        var values = Use(theirs).Parameters;
        return With(mine, name => Theirs(server, values.GetValueOrDefault(name, "")));
    }

    public Call Unmade(IsolationServer server, Call mine)
    {
        var values = Use(mine).Parameters;
        return With(mine, name => Unknown(server, values.GetValueOrDefault(name, "")));
    }

    /// <summary>Of the same form, and nobody's: an id, a ciphertext, a name, a token.</summary>
    public static string Like(string value)
    {
        if (Guid.TryParseExact(value, "D", out _)) return Guid.NewGuid().ToString();
        if (value.Length % 2 == 0 && value.All(char.IsAsciiHexDigit))
        {
            var like = Like(Convert.FromHexString(value));
            return value.Any(char.IsAsciiLetterUpper) ? Convert.ToHexString(like) : Convert.ToHexStringLower(like);
        }

        if (value.Split('.') is [var account, { Length: 43 }]) return $"{account}.{new string('A', 43)}";
        var bytes = new byte[value.Length];
        return Convert.TryFromBase64String(value, bytes, out var length) && length > 16
            ? Convert.ToBase64String(Like(bytes[..length]))
            : $"{value}x";
    }

    // An envelope keeps its account and names another key; whatever else has no parts that could be told apart.
    private static byte[] Like(byte[] value)
    {
        var isEnvelope = value.AsSpan().StartsWith("KMSA"u8);
        if (isEnvelope) Guid.NewGuid().TryWriteBytes(value.AsSpan(8));
        else RandomNumberGenerator.Fill(value);
        return value;
    }

    private Call With(Call mine, Func<string, string> value) =>
        Parameters.Aggregate(Use(mine), (call, name) => call.With(name, value(name)));
}
