using System.Diagnostics;
using Minions.Benchmarks.Models;
using Minions.Benchmarks.Reporting;
using Minions.Core;
using Minions.Core.Drafting;
using Minions.Core.Generation;
using Minions.Core.Verification;

namespace Minions.Benchmarks.EndToEnd.Costs;

/// <summary>Times a head's first steps and chain steps behind texts that the target wrote, so that both see the machine that other runs see.</summary>
/// <param name="target">The target, which gives the states.</param>
/// <param name="head">The head.</param>
internal sealed class HeadCostProbe(ITargetVerifier target, IDraftModel head) : IDisposable
{
    private const int MostRows = 6;
    private const int ChainSteps = 4;
    private const int VerifiedRows = 4;

    // What a head is asked with in an application, by default.
    private const int Window = 512;

    private readonly IDraftSequence _sequence = head.OpenSequence(new SequenceOptions { States = target.States });
    private readonly VerificationRequest _verification = Open(target);
    private readonly List<double>[] _first = [.. Enumerable.Range(0, MostRows).Select(_ => new List<double>())];
    private readonly List<double> _chains = [];

    public string Name => head.Name;

    /// <summary>Runs everything once behind a text; nothing behind one that is too short.</summary>
    /// <param name="text">The text.</param>
    /// <param name="keep">Whether the times count.</param>
    /// <param name="cancellationToken">Stops between two runs.</param>
    public void Pass(ReadOnlySpan<int> text, bool keep, CancellationToken cancellationToken)
    {
        int[] ids = text[..Math.Min(text.Length, head.ContextLength - ChainSteps - 2)].ToArray();
        if (ids.Length <= MostRows + 1 || TextStates.Of(target, ids, Window, cancellationToken) is not { } states)
            return;

        var request = new DraftRequest(_sequence) { States = states.Known };
        for (int rows = MostRows; rows >= 1; rows--)
        {
            Propose(ids.Length - rows, length: 1);
            Verify(ids, cancellationToken);
            double milliseconds = Propose(ids.Length, length: 1);
            if (keep)
                _first[rows - 1].Add(milliseconds);
        }

        Verify(ids, cancellationToken);
        double chain = Propose(ids.Length, 1 + ChainSteps);
        if (keep && request.Proposal.Count == 1 + ChainSteps)
            _chains.Add(chain);

        double Propose(int context, int length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            states.MoveTo(context);
            request.Prepare(ids.AsMemory(0, context), length);
            long start = Stopwatch.GetTimestamp();
            head.Propose([request], cancellationToken);
            double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            return request.Fault is { } fault ? throw new ModelRunException($"The head '{head.Name}' failed: {fault.Message}", fault) : milliseconds;
        }
    }

    /// <summary>The medians.</summary>
    /// <returns>The costs, or <see langword="null"/> where no text was long enough.</returns>
    public HeadCosts? Costs()
    {
        if (_chains.Count == 0)
            return null;

        double[] first = [.. _first.Select(times => Spread.Of(times).Median)];
        return new HeadCosts(first, Math.Max(0, Spread.Of(_chains).Median - first[0]) / ChainSteps);
    }

    public void Dispose()
    {
        _sequence.Dispose();
        _verification.Sequence.Dispose();
    }

    private static VerificationRequest Open(ITargetVerifier target)
    {
        var options = new SequenceOptions { BitIdentical = true };
        return new VerificationRequest(target.OpenSequence(options), options);
    }

    // A head always follows on a run of the target, whose weights have taken the place of its own in the processor's caches.
    private void Verify(ReadOnlyMemory<int> ids, CancellationToken cancellationToken)
    {
        _verification.Prepare(ids, VerifiedRows);
        target.Verify([_verification], cancellationToken);
        if (_verification.Fault is { } fault)
            throw new ModelRunException($"The target failed in a run of {VerifiedRows} rows: {fault.Message}", fault);
    }
}
