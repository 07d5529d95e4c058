using Minions.Core.OnnxRuntime.Decoding;

namespace Minions.Core.Tests.OnnxRuntime.Decoding;

/// <summary>
/// A cache that knows which id each entry stands for and which entries a run of one row wrote. Its logits are the prefix itself: element i
/// is the id at i, so a reader can be held to the text it claims to read.
/// </summary>
internal sealed class RecordingCache(int capacityStep = int.MaxValue, int longestShortText = int.MaxValue, int block = int.MaxValue) : KvCache
{
    private readonly List<bool> _long = [];
    private readonly List<int> _entries = [];
    private readonly List<bool> _narrow = [];
    private int _capacity;
    private int _lastStart;
    private int _firstReadable;

    public List<int> Widths { get; } = [];

    /// <summary>Makes the next run fail, after it overwrote what it was to overwrite.</summary>
    public bool FailsNext { get; set; }

    public override bool LeavesOneRow(int rows) => rows > block && rows % block == 1;

    public override int Reserve(int length, int keep)
    {
        if (length <= _capacity)
            return keep;

        // Like memory of a device: what was in there is lost when it grows.
        _capacity = capacityStep == int.MaxValue ? int.MaxValue : (length / capacityStep + 1) * capacityStep;
        _entries.Clear();
        _long.Clear();
        _narrow.Clear();
        return 0;
    }

    public override ReadOnlySpan<byte> RowOutput(int output, int row) => throw new NotSupportedException("It gives logits only.");

    public override void Run(ReadOnlySpan<int> ids, int start, int wanted = int.MaxValue)
    {
        Assert.That(start, Is.LessThanOrEqualTo(_entries.Count), "a run builds on entries that are there");
        Assert.That(start + ids.Length, Is.LessThanOrEqualTo(_capacity), "and writes where room was made");
        _entries.RemoveRange(start, _entries.Count - start);
        _narrow.RemoveRange(start, _narrow.Count - start);
        _long.RemoveRange(start, _long.Count - start);
        Assert.That(_long, Has.All.EqualTo(UsesLongFactors), "all entries are of the same factors");
        Assert.That(UsesLongFactors || start + ids.Length <= Math.Max(2, longestShortText), Is.True, "the factors of short texts serve these alone");
        if (FailsNext)
        {
            FailsNext = false;
            throw new ModelRunException("as told");
        }

        _entries.AddRange(ids);
        _long.AddRange(Enumerable.Repeat(UsesLongFactors, ids.Length));
        _narrow.AddRange(Enumerable.Repeat(ids.Length == 1, ids.Length));
        _lastStart = start;
        _firstReadable = Math.Max(0, ids.Length - wanted);
        Widths.Add(ids.Length);
    }

    public override ReadOnlySpan<float> Logits(int row)
    {
        Assert.That(row, Is.GreaterThanOrEqualTo(_firstReadable), "only logits that were wanted are read");
        Assert.That(UsesLongFactors, Is.EqualTo(_lastStart + row + 1 > longestShortText), "and of those of the text that a row belongs to");
        return _entries.Take(_lastStart + row + 1).Select(id => (float)id).ToArray();
    }

    public bool HasNarrowEntryBefore(int length) => _narrow.Take(length).Any(narrow => narrow);

    public override void Dispose()
    {
    }
}
