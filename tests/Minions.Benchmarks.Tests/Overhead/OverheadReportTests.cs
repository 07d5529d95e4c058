using Minions.Benchmarks.Overhead;

namespace Minions.Benchmarks.Tests.Overhead;

public sealed class OverheadReportTests
{
    [TestCase(97, true)]
    [TestCase(96, false)]
    public void The_share_of_all_time_without_a_run_is_held_against_the_bound(int busy, bool within) =>
        Assert.That(new OverheadReport([Sample(100, busy, 8)], concurrency: 8).IsWithinBound, Is.EqualTo(within));

    [Test]
    public void Several_requests_at_once_have_one_time_together()
    {
        string text = Write([Sample(100, 98, requests: 8)], concurrency: 8);

        Assert.That(text, Does.Contain("8, 8 at once").And.Contain("2.00 %").And.Contain("10.00 ms").And.Contain("200 µs").And.Contain("0.3 ms").And.Not.Contain("median"));
    }

    [Test]
    public void Requests_measured_one_by_one_have_a_spread()
    {
        string text = Write([Sample(100, 99, requests: 1), Sample(100, 96, requests: 1)], concurrency: 1);

        Assert.That(text, Does.Contain("2, 1 at once").And.Contain("2.50 %").And.Contain("from 1.00 % to 4.00 %").And.Contain("from 1.0 to 4.0 ms"));
    }

    private static OverheadSample Sample(int elapsed, int busy, int requests) =>
        new(TimeSpan.FromMilliseconds(elapsed), TimeSpan.FromMilliseconds(busy), Rounds: 10, requests);

    private static string Write(OverheadSample[] samples, int concurrency)
    {
        using var output = new StringWriter();
        new OverheadReport(samples, concurrency).Write(output);
        return output.ToString();
    }
}
