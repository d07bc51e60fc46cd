using System.Text;
using KmsActors.Hsa;

namespace KmsActors.Protocols.Http.Tests;

/// <summary>Parameters as clients put them on the wire.</summary>
internal static class Calls
{
    public static Parameters Parse(string query, string body = "", string? kept = null)
    {
        var text = new PooledBuffer(16);
        text.Append(query);
        var queryLength = text.Length;
        text.Append(body);
        return Parameters.Parse(text, queryLength, kept);
    }

    public static string Text(this PooledBuffer buffer) => Encoding.UTF8.GetString(buffer.Written);

    /// <summary>An encoder that shares nothing with the one under test.</summary>
    public static string Encode(string text) => string.Concat(Encoding.UTF8.GetBytes(text).Select(
        b => char.IsAsciiLetterOrDigit((char)b) || "-_.~".Contains((char)b) ? $"{(char)b}" : $"%{b:X2}"));
}
