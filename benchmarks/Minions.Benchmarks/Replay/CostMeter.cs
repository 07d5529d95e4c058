using System.Diagnostics;
using Minions.Benchmarks.Models;
using Minions.Core;
using Minions.Core.Drafting;
using Minions.Core.Generation;
using Minions.Core.Verification;

namespace Minions.Benchmarks.Replay;

/// <summary>Measures what runs of each width and every set of drafts take: medians, all taken in turn so that a neighbour's load meets all of them.</summary>
internal static class CostMeter
{
    private const int ContextLength = 128;
    private const int Rows = Recording.ProposalLength + 1;
    private const int Repeats = 40;

    // The rows of the target's run before drafts are timed: in a round its weights have taken the place of theirs in the processor's caches.
    private const int RowsBefore = 4;

    public static RecordedCosts Measure(LoadedModels models, IReadOnlyList<int> anyText)
    {
        int[] ids = [.. Enumerable.Range(0, ContextLength + Rows).Select(i => anyText[i % anyText.Count])];
        var options = new SequenceOptions { BitIdentical = true, ExpectedLength = ids.Length };
        using ITargetSequence sequence = models.Target.OpenSequence(options);
        var request = new VerificationRequest(sequence, options);
        TextStates? states = TextStates.Of(models.Target, ids.AsMemory(0, ContextLength), window: 0, CancellationToken.None);
        states?.MoveTo(ContextLength);
        var draftOptions = new SequenceOptions { ExpectedLength = ids.Length, States = models.Target.States };
        (IDraftModel Model, DraftRequest Request)[] drafts = [.. models.Drafts.Select(draft => (draft, new DraftRequest(draft.OpenSequence(draftOptions)) { States = draft.ReadsStates ? states!.Known : null }))];
        int[] running = [];
        using var threads = new DraftThreads(i => drafts[running[i]].Model.Propose([drafts[running[i]].Request], CancellationToken.None), Math.Max(1, Math.Min(drafts.Length, Environment.ProcessorCount)));
        int[][] sets = [.. Enumerable.Range(1, (1 << drafts.Length) - 1).Select(bits => Enumerable.Range(0, drafts.Length).Where(new DraftSet((ulong)bits).Contains).ToArray())];
        (Action Before, Action Timed)[] measured =
        [
            .. Enumerable.Range(1, Rows).Select<int, (Action, Action)>(rows => (() => { }, () => Verify(rows))),
            .. sets.Select<int[], (Action, Action)>(set => (() => Prepare(set, Recording.ProposalLength), () => threads.Run(set.Length))),
            .. sets.Select<int[], (Action, Action)>(set => (() => Prepare(set, 1), () => threads.Run(set.Length))),
        ];

        double[][] times = [.. measured.Select(_ => new double[Repeats])];
        for (int repeat = -2; repeat < Repeats; repeat++)
        {
            for (int i = 0; i < measured.Length; i++)
            {
                measured[i].Before();
                long start = Stopwatch.GetTimestamp();
                measured[i].Timed();
                if (repeat >= 0)
                    times[i][repeat] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
        }

        foreach ((_, DraftRequest draft) in drafts)
            draft.Sequence.Dispose();
        double[] medians = [.. times.Select(Median)];
        double[] runs = [.. medians.Take(Rows)];
        for (int i = 1; i < runs.Length; i++)
            runs[i] = Math.Max(runs[i], runs[i - 1]);
        double[] far = medians[Rows..^sets.Length];
        double[] near = medians[^sets.Length..];
        double[] steps = [.. far.Zip(near, (whole, first) => Math.Max(0, whole - first) / (Recording.ProposalLength - 1))];
        return new RecordedCosts(runs, steps, [.. near.Zip(steps, (first, step) => Math.Max(0, first - step))]);

        void Verify(int rows)
        {
            request.Prepare(ids.AsMemory(0, ContextLength + rows), rows);
            models.Target.Verify([request], CancellationToken.None);
        }

        void Prepare(int[] set, int length)
        {
            Verify(RowsBefore);
            running = set;
            foreach (int draft in set)
                drafts[draft].Request.Prepare(ids.AsMemory(0, ContextLength), length);
        }
    }

    private static double Median(double[] times)
    {
        Array.Sort(times);
        return times[times.Length / 2];
    }
}
