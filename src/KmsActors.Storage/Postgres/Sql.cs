using Npgsql;
using NpgsqlTypes;

namespace KmsActors.Storage.Postgres;

/// <summary>A statement and its arguments, $1 and so on.</summary>
internal readonly record struct Sql(string Text, params NpgsqlParameter[] Arguments);

/// <summary>
/// Arguments of statements. Each tells its type, also when it is null: a statement is prepared for its types.
/// </summary>
internal static class Arg
{
    public static NpgsqlParameter Text(string? text) =>
        Of(text is null ? null : StoredText.Of(text), NpgsqlDbType.Text);

    public static NpgsqlParameter Texts(IEnumerable<string?>? texts) => Of(
        texts?.Select(text => text is null ? null : StoredText.Of(text)).ToArray(),
        NpgsqlDbType.Array | NpgsqlDbType.Text);

    public static NpgsqlParameter Json(string json) => Of(json, NpgsqlDbType.Jsonb);

    public static NpgsqlParameter Jsons(string?[] jsons) => Of(jsons, NpgsqlDbType.Array | NpgsqlDbType.Jsonb);

    public static NpgsqlParameter Bytes(byte[] bytes) => Of(bytes, NpgsqlDbType.Bytea);

    public static NpgsqlParameter Bytes(byte[]?[] bytes) => Of(bytes, NpgsqlDbType.Array | NpgsqlDbType.Bytea);

    public static NpgsqlParameter Small(int number) => Of((short)number, NpgsqlDbType.Smallint);

    public static NpgsqlParameter Smalls(short[] numbers) => Of(numbers, NpgsqlDbType.Array | NpgsqlDbType.Smallint);

    public static NpgsqlParameter Number(int number) => Of(number, NpgsqlDbType.Integer);

    public static NpgsqlParameter Numbers(int[] numbers) => Of(numbers, NpgsqlDbType.Array | NpgsqlDbType.Integer);

    public static NpgsqlParameter Long(long number) => Of(number, NpgsqlDbType.Bigint);

    public static NpgsqlParameter LongOrNull(long? number) =>
        number is { } known ? Long(known) : Null(NpgsqlDbType.Bigint);

    public static NpgsqlParameter Longs(long[] numbers) => Of(numbers, NpgsqlDbType.Array | NpgsqlDbType.Bigint);

    public static NpgsqlParameter Longs(long?[] numbers) => Of(numbers, NpgsqlDbType.Array | NpgsqlDbType.Bigint);

    public static NpgsqlParameter Doubles(double[] numbers) => Of(numbers, NpgsqlDbType.Array | NpgsqlDbType.Double);

    public static NpgsqlParameter Flag(bool flag) => Of(flag, NpgsqlDbType.Boolean);

    public static NpgsqlParameter Flags(bool[] flags) => Of(flags, NpgsqlDbType.Array | NpgsqlDbType.Boolean);

    public static NpgsqlParameter Uuid(Guid id) => Of(id, NpgsqlDbType.Uuid);

    public static NpgsqlParameter Transaction(long? number) =>
        number is { } known ? Of((ulong)known, NpgsqlDbType.Xid8) : Null(NpgsqlDbType.Xid8);

    /// <summary>Of the server's clock, which has microseconds; rounded down.</summary>
    public static NpgsqlParameter Time(DateTimeOffset? time) => time is { } known
        ? Of(known.UtcDateTime, NpgsqlDbType.TimestampTz)
        : Null(NpgsqlDbType.TimestampTz);

    public static NpgsqlParameter Span(TimeSpan span) => Of(span, NpgsqlDbType.Interval);

    private static NpgsqlParameter Of<T>(T? value, NpgsqlDbType type) => value is null
        ? Null(type)
        : new NpgsqlParameter<T> { TypedValue = value, NpgsqlDbType = type };

    private static NpgsqlParameter Null(NpgsqlDbType type) => new() { Value = DBNull.Value, NpgsqlDbType = type };
}
