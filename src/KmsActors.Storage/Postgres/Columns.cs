using KmsActors.Grains;
using Npgsql;

namespace KmsActors.Storage.Postgres;

/// <summary>What columns have.</summary>
internal static class Columns
{
    public static string Text(NpgsqlDataReader rows, int column) => StoredText.Read(rows.GetString(column));

    public static string[] Texts(NpgsqlDataReader rows, int column) =>
        Array.ConvertAll(rows.GetFieldValue<string[]>(column), StoredText.Read);

    /// <summary>An id in three columns from this one on.</summary>
    public static GrainId Id(NpgsqlDataReader rows, int column) =>
        new((GrainKind)rows.GetInt16(column), Text(rows, column + 1), Text(rows, column + 2));
}
