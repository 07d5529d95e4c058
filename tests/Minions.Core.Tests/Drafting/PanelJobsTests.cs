using CsCheck;
using Minions.Core.Drafting;

namespace Minions.Core.Tests.Drafting;

public sealed class PanelJobsTests
{
    private static readonly Gen<ulong[]> Requests = Gen.ULong[0, 15].Array[0, 16];

    [Test]
    public void Each_wish_is_met_by_one_job_and_no_two_share_a_seat() => Gen.Select(Requests, Gen.Int[1, 8], Gen.ULong[0, 15]).Sample((requests, threads, mayShare) =>
    {
        PanelJob[] jobs = Share(requests, threads, mayShare);
        for (int draft = 0; draft < 4; draft++)
        {
            int wishes = requests.Count(wanted => DraftSet.Has(wanted, draft));
            PanelJob[] own = [.. jobs.Where(job => job.Draft == draft).OrderBy(job => job.First)];
            Assert.That(own.SelectMany(job => Enumerable.Range(job.First, job.Requests)), Is.EqualTo(Enumerable.Range(0, wishes)));
            Assert.That(own.Select(job => job.Requests), Is.All.Positive);
            if (!DraftSet.Has(mayShare, draft))
                Assert.That(own, Has.Length.LessThanOrEqualTo(1));
            if (own.Length > 0)
                Assert.That(own[0].Seat, Is.EqualTo(draft), "a call that is abandoned keeps the draft's own seat");
        }

        Assert.That(jobs.Select(job => job.Seat), Is.Unique);
        Assert.That(jobs.Select(job => job.Seat), Is.All.InRange(0, PanelJobs.MostJobs(4, threads) - 1));
        Assert.That(jobs.Select(job => job.Requests), Is.Ordered.Descending);
    });

    [Test]
    public void A_draft_that_all_want_keeps_every_thread_busy([Values(1, 2, 4)] int threads)
    {
        PanelJob[] jobs = Share([1, 1, 1, 1, 1, 1, 1, 1], threads, mayShare: 1);
        Assert.That(jobs.Select(job => job.Requests), Is.EqualTo(Enumerable.Repeat(8 / threads, threads)));
    }

    private static PanelJob[] Share(ulong[] requests, int threads, ulong mayShare)
    {
        var jobs = new PanelJobs(4, threads);

        // Reused from round to round.
        for (int round = 0; round < 2; round++)
        {
            jobs.Clear();
            foreach (ulong wanted in requests)
                jobs.Add(wanted);
            jobs.ShareOut(mayShare);
        }

        return [.. Enumerable.Range(0, jobs.Count).Select(job => jobs[job])];
    }
}
