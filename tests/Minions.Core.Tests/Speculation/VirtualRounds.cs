using Minions.Core.Speculation;

namespace Minions.Core.Tests.Speculation;

/// <summary>Takes requests through rounds side by side: they draft together and are verified in one run, in virtual time.</summary>
internal sealed class VirtualRounds(VirtualMachine machine, int requests)
{
    private readonly RowAllocation _allocation = new(requests);
    private int _rounds;
    private int _drafted;

    /// <summary>Runs one round of all requests.</summary>
    /// <returns>The seconds it took, undisturbed.</returns>
    public double Run(IReadOnlyList<VirtualRequest> batch)
    {
        int lastRows = batch.Sum(request => request.Rows);
        foreach (VirtualRequest request in batch)
            request.Plan(lastRows - request.Rows, batch.Count - 1);

        double[] newcomers = [.. batch.Select(request => request.Running.Except(request.LastRan).IsEmpty ? 1 : machine.Newcomer)];
        foreach (VirtualRequest request in batch)
            request.Draft();
        VirtualRequest[] drafting = [.. batch.Where(request => request.Round.Plan.Length > 0)];
        double draftTime = machine.DraftsApart ? drafting.Sum(request => TimeOfDrafts([request])) : TimeOfDrafts(drafting);

        _allocation.Clear();
        foreach (VirtualRequest request in batch)
            request.ShareRows(_allocation);
        _allocation.Settle();
        foreach (VirtualRequest request in batch)
            request.TakeRows();
        int rows = batch.Sum(request => request.Rows);
        double verifyTime = machine.Run(rows, batch.Count);

        double disturbance = machine.Disturbance(_rounds++);
        double draftDisturbance = drafting.Length == 0 ? 1 : disturbance * machine.DraftDisturbance(_drafted++);
        foreach (VirtualRequest request in drafting)
        {
            VirtualRequest[] together = machine.DraftsApart ? [request] : drafting;
            SpeculationRound round = request.Round;
            round.DraftTime = TimeSpan.FromSeconds(TimeOfDrafts(together) * draftDisturbance * newcomers.Max());
            round.DraftRequests = together.Length;
            round.DraftSteps = together.Max(other => other.Round.ProposedLength);
        }

        foreach (VirtualRequest request in batch)
        {
            SpeculationRound round = request.Round;
            (round.VerifyTime, round.Rows, round.Requests) = (TimeSpan.FromSeconds(verifyTime * disturbance), rows, batch.Count);
            request.Commit();
        }

        return draftTime + verifyTime;
    }

    // Step by step, each for those requests whose proposals go that far.
    private double TimeOfDrafts(VirtualRequest[] drafting)
    {
        double seconds = 0;
        int drafts = drafting.Length == 0 ? 0 : drafting[0].Round.Drafts.Length;
        Span<double> times = stackalloc double[drafts];
        for (int step = 0; step == 0 || times.ContainsAnyExcept(0); step++)
        {
            times.Clear();
            for (int draft = 0; draft < drafts; draft++)
            {
                int served = drafting.Count(request => request.Round.Drafts[draft].Proposed > step);
                times[draft] = served == 0 ? 0 : machine.StepOf(draft) * (1 + machine.Company * (served - 1));
            }

            seconds += SideBySide(times) * (step == 0 ? 1 + machine.Start : 1);
            if (drafts == 0)
                break;
        }

        times.Clear();
        foreach (VirtualRequest request in drafting)
        {
            for (int draft = 0; draft < drafts; draft++)
                times[draft] += request.MissedBy(draft) * machine.CatchUp * machine.StepOf(draft);
        }

        return seconds + SideBySide(times);
    }

    private double SideBySide(ReadOnlySpan<double> times)
    {
        double longest = 0, all = 0;
        foreach (double time in times)
            (longest, all) = (Math.Max(longest, time), all + time);
        return longest + machine.Overlap * (all - longest);
    }
}
