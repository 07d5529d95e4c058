using System.Diagnostics;
using System.Numerics;
using Minions.Benchmarks.EndToEnd.Measuring;
using Minions.Benchmarks.Reporting;
using Minions.Core;
using Minions.Core.Generation;
using Minions.Core.Verification;

namespace Minions.Benchmarks.EndToEnd.Costs;

/// <summary>Times runs of the target by their shape, and heads, over texts of the bench and between its requests, so that both see the same machine.</summary>
internal sealed class CostProbe : IDisposable
{
    private static readonly int[] Widths = [1, 2, 3, 4, 5, 6, 8, 9, 12, 16, 17];
    private static readonly int[] WidthsInCompany = [2, 3, 4, 6, 9];

    private readonly ITargetVerifier _target;
    private readonly VerificationRequest[] _alone;
    private readonly VerificationRequest[] _together;
    private readonly RunShape[] _shapes;
    private readonly List<double>[] _milliseconds;
    private readonly int _widest;
    private readonly HeadCostProbe[] _heads;

    /// <summary>Opens sequences of the target that last as long as the probe.</summary>
    /// <param name="target">The loaded target.</param>
    /// <param name="widest">The width of the widest round the arms can have, where it is known.</param>
    /// <param name="slots">The most requests that share a run; 1 where none do.</param>
    /// <param name="heads">The heads to time as well.</param>
    public CostProbe(ITargetVerifier target, int widest, int slots, IReadOnlyList<IDraftModel>? heads = null)
    {
        _target = target;
        _heads = [.. (heads ?? []).Select(head => new HeadCostProbe(target, head))];
        int most = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(slots, target.MaxBatchSize));
        int[] widths = [.. Widths.Append(widest).Where(width => width < target.ContextLength).Distinct().Order()];
        _widest = widths[^1];
        _shapes =
        [
            .. widths.Select(width => new RunShape(width, 1)),
            .. Enumerable.Range(1, BitOperations.Log2((uint)most)).SelectMany(size => WidthsInCompany.Select(width => new RunShape(width << size, 1 << size))),
        ];
        _milliseconds = [.. _shapes.Select(_ => new List<double>())];
        _alone = [Open(bitIdentical: false)];
        _together = most == 1 ? [] : [.. Enumerable.Range(0, most).Select(_ => Open(bitIdentical: true))];
    }

    /// <summary>The number of passes that count so far.</summary>
    public int Passes { get; private set; }

    /// <summary>Runs every shape once behind a text, or behind as much of it as leaves room in the context.</summary>
    /// <param name="text">The text.</param>
    /// <param name="keep">Whether the times count; those of the first pass hold what is made when it is first needed.</param>
    /// <param name="cancellationToken">Stops between two runs.</param>
    public void Pass(ReadOnlySpan<int> text, bool keep, CancellationToken cancellationToken)
    {
        int length = Math.Min(text.Length, _target.ContextLength - _widest);

        // The ids behind the text are never what the target would choose there, or hardly: no time goes into reading rows.
        int[] ids = new int[length + _widest];
        text[..length].CopyTo(ids);
        Array.Fill(ids, text[0], length, _widest);
        foreach (VerificationRequest request in _alone.Concat(_together))
            Run([request], ids.AsMemory(0, length), 1, cancellationToken);
        for (int i = 0; i < _shapes.Length; i++)
        {
            int which = (i + Passes) % _shapes.Length;
            (int rows, int slots) = _shapes[which];
            int width = rows / slots;
            double milliseconds = Run(slots == 1 ? _alone : _together.AsSpan(0, slots), ids.AsMemory(0, length + width), width, cancellationToken);
            if (keep)
                _milliseconds[which].Add(milliseconds);
        }

        foreach (HeadCostProbe head in _heads)
            head.Pass(text, keep, cancellationToken);
        Passes += keep ? 1 : 0;
    }

    /// <summary>The median of each shape.</summary>
    public RunCosts Costs() => new(_shapes.Zip(_milliseconds).ToDictionary(shape => shape.First, shape => Spread.Of(shape.Second).Median))
    {
        Heads = _heads.Where(head => head.Costs() is not null).ToDictionary(head => head.Name, head => head.Costs()!),
    };

    public void Dispose()
    {
        foreach (VerificationRequest request in _alone.Concat(_together))
            request.Sequence.Dispose();
        foreach (HeadCostProbe head in _heads)
            head.Dispose();
    }

    private VerificationRequest Open(bool bitIdentical)
    {
        var options = new SequenceOptions { BitIdentical = bitIdentical };
        return new VerificationRequest(_target.OpenSequence(options), options);
    }

    private double Run(ReadOnlySpan<VerificationRequest> requests, ReadOnlyMemory<int> ids, int rows, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        foreach (VerificationRequest request in requests)
            request.Prepare(ids, rows);
        long start = Stopwatch.GetTimestamp();
        _target.Verify(requests, cancellationToken);
        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        foreach (VerificationRequest request in requests)
        {
            if (request.Fault is { } fault)
                throw new ModelRunException($"The target failed in a run of {rows} rows: {fault.Message}", fault);
        }

        return milliseconds;
    }
}
