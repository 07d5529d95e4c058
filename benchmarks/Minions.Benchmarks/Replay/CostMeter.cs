using System.Diagnostics;
using Minions.Benchmarks.Models;
using Minions.Core;
using Minions.Core.Drafting;
using Minions.Core.Generation;
using Minions.Core.Verification;

namespace Minions.Benchmarks.Replay;

/// <summary>Measures what runs of each width take: medians, widths taken in turn so that a neighbour's load meets all of them.</summary>
internal static class CostMeter
{
    private const int ContextLength = 128;
    private const int Rows = Recording.ProposalLength + 1;
    private const int Repeats = 40;

    public static RecordedCosts Measure(LoadedModels models, IReadOnlyList<int> anyText)
    {
        int[] ids = [.. Enumerable.Range(0, ContextLength + Rows).Select(i => anyText[i % anyText.Count])];
        var options = new SequenceOptions { BitIdentical = true, ExpectedLength = ids.Length };
        using ITargetSequence sequence = models.Target.OpenSequence(options);
        var request = new VerificationRequest(sequence, options);
        var drafts = models.Drafts.Select(draft => (Model: draft, Request: new DraftRequest(draft.OpenSequence(options)))).ToList();
        using var threads = new DraftThreads(i => drafts[i].Model.Propose([drafts[i].Request], CancellationToken.None), Math.Min(drafts.Count, Environment.ProcessorCount));
        Action[] measured =
        [
            .. Enumerable.Range(1, Rows).Select<int, Action>(rows => () => Verify(models.Target, request, ids.AsMemory(0, ContextLength + rows), rows)),
            .. Enumerable.Range(1, drafts.Count).Select<int, Action>(count => () => Propose(count, Recording.ProposalLength)),
            .. Enumerable.Range(1, drafts.Count).Select<int, Action>(count => () => Propose(count, 1)),
        ];

        double[][] times = [.. measured.Select(_ => new double[Repeats])];
        for (int repeat = -2; repeat < Repeats; repeat++)
        {
            for (int i = 0; i < measured.Length; i++)
            {
                long start = Stopwatch.GetTimestamp();
                measured[i]();
                if (repeat >= 0)
                    times[i][repeat] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
        }

        drafts.ForEach(draft => draft.Request.Sequence.Dispose());
        double[] medians = [.. times.Select(Median)];
        double[] runs = [.. medians.Take(Rows)];
        for (int i = 1; i < runs.Length; i++)
            runs[i] = Math.Max(runs[i], runs[i - 1]);
        double[] far = medians[Rows..^drafts.Count];
        double[] near = medians[^drafts.Count..];
        double[] steps = [.. far.Zip(near, (whole, first) => (whole - first) / (Recording.ProposalLength - 1))];
        return new RecordedCosts(runs, steps, [.. near.Zip(steps, (first, step) => Math.Max(0, first - step))]);

        void Propose(int count, int length)
        {
            foreach ((_, DraftRequest request) in drafts.Take(count))
                request.Prepare(ids.AsMemory(0, ContextLength), length);
            threads.Run(count);
        }
    }

    private static void Verify(ITargetVerifier target, VerificationRequest request, ReadOnlyMemory<int> ids, int rows)
    {
        request.Prepare(ids, rows);
        target.Verify([request], CancellationToken.None);
    }

    private static double Median(double[] times)
    {
        Array.Sort(times);
        return times[times.Length / 2];
    }
}
