namespace KmsActors.Benchmarks;

/// <summary>Lines with aligned columns: the first to the left, numbers to the right.</summary>
internal sealed class Table(params string[] heads)
{
    private readonly List<string[]> _rows = [heads];

    public void Row(params string[] cells) => _rows.Add(cells);

    public void Print()
    {
        var widths = Enumerable.Range(0, heads.Length).Select(i => _rows.Max(row => row[i].Length)).ToArray();
        foreach (var row in _rows)
        {
            var cells = row.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]));
            Console.WriteLine("   " + string.Join("   ", cells).TrimEnd());
        }
    }
}
