using System.Diagnostics;
using Minions.Benchmarks.EndToEnd.Measuring;
using Minions.Core;
using Minions.Core.Generation;
using Minions.Core.Verification;

namespace Minions.Benchmarks.EndToEnd.Costs;

/// <summary>Times runs of the target by their width, over texts of the bench and between its requests, so that both see the same machine.</summary>
internal sealed class CostProbe : IDisposable
{
    private static readonly int[] Widths = [1, 2, 3, 4, 5, 6, 8, 9, 12, 16, 17];

    private readonly ITargetVerifier _target;
    private readonly ITargetSequence _sequence;
    private readonly VerificationRequest[] _request;
    private readonly int[] _widths;
    private readonly List<double>[] _milliseconds;
    private int _passes;

    /// <summary>Opens a sequence of the target that lasts as long as the probe.</summary>
    /// <param name="target">The loaded target.</param>
    /// <param name="longestRun">The width of the widest round the arms can have, where it is known.</param>
    public CostProbe(ITargetVerifier target, int longestRun)
    {
        _target = target;
        _widths = [.. Widths.Append(longestRun).Where(width => width < target.ContextLength).Distinct().Order()];
        _milliseconds = [.. _widths.Select(_ => new List<double>())];
        var options = new SequenceOptions { BitIdentical = false };
        _sequence = target.OpenSequence(options);
        _request = [new VerificationRequest(_sequence, options)];
    }

    /// <summary>The number of passes over all widths so far.</summary>
    public int Passes => _passes;

    /// <summary>Runs every width once behind a text, or behind as much of it as leaves room in the context.</summary>
    public void Pass(ReadOnlySpan<int> text, CancellationToken cancellationToken)
    {
        int length = Math.Min(text.Length, _target.ContextLength - _widths[^1]);

        // The ids behind the text are never what the target would choose there, or hardly: no time goes into reading rows.
        int[] ids = new int[length + _widths[^1]];
        text[..length].CopyTo(ids);
        Array.Fill(ids, text[0], length, _widths[^1]);
        Run(ids.AsMemory(0, length), 1, cancellationToken);
        if (_passes == 0)
            RunAll(ids, length, keep: false, cancellationToken);
        RunAll(ids, length, keep: true, cancellationToken);
        _passes++;
    }

    /// <summary>The median of each width.</summary>
    public RunCosts Costs() => new(_widths.Zip(_milliseconds)
        .ToDictionary(width => new RunShape(width.First, 1), width => Spread.Of(width.Second).Median));

    public void Dispose() => _sequence.Dispose();

    private void RunAll(int[] ids, int length, bool keep, CancellationToken cancellationToken)
    {
        for (int i = 0; i < _widths.Length; i++)
        {
            int which = (i + _passes) % _widths.Length;
            double milliseconds = Run(ids.AsMemory(0, length + _widths[which]), _widths[which], cancellationToken);
            if (keep)
                _milliseconds[which].Add(milliseconds);
        }
    }

    private double Run(ReadOnlyMemory<int> ids, int rows, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _request[0].Prepare(ids, rows);
        long start = Stopwatch.GetTimestamp();
        _target.Verify(_request, cancellationToken);
        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return _request[0].Fault is { } fault ? throw new ModelRunException($"The target failed in a run of {rows} rows: {fault.Message}", fault) : milliseconds;
    }
}
