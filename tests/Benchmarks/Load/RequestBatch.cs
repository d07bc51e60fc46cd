using System.Text;

namespace KmsActors.Benchmarks.Load;

/// <summary>Requests as they will go over the wire, made before the clock runs.</summary>
internal sealed class RequestBatch
{
    private readonly List<int> _ends = [0];
    private byte[] _bytes = new byte[1 << 20];

    public RequestBatch()
    {
    }

    /// <summary>So many of a kind.</summary>
    public RequestBatch(Action<RequestBatch> append, int count)
    {
        for (var i = 0; i < count; i++) append(this);
    }

    public int Count => _ends.Count - 1;

    public ReadOnlySpan<byte> this[int index] => _bytes.AsSpan(_ends[index], _ends[index + 1] - _ends[index]);

    public void Append(string request)
    {
        var start = _ends[^1];
        if (_bytes.Length - start < Encoding.UTF8.GetMaxByteCount(request.Length))
            Array.Resize(ref _bytes, _bytes.Length * 2);
        _ends.Add(start + Encoding.UTF8.GetBytes(request, _bytes.AsSpan(start)));
    }
}
