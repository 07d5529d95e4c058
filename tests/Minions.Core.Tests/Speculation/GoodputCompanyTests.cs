using Minions.Core.Speculation;

namespace Minions.Core.Tests.Speculation;

/// <summary>What the goodput rule promises to requests that share their runs, in virtual time.</summary>
public class GoodputCompanyTests
{
    private const int Requests = 8;
    private const int WarmUp = 300;
    private const int Measured = 4000;

    [Test]
    public void Requests_that_gain_by_drafting_together_do_so([Values(1, 2)] int seed)
    {
        for (int percent = 0; percent <= 90; percent += 10)
        {
            double chance = percent / 100.0;
            var texts = Texts(seed, chance);
            double share = Warm(WarmUpTexts(0.6)).Run(texts).Goodput / VirtualCompany.BestFixed(Requests, texts);
            Assert.That(share, Is.GreaterThanOrEqualTo(0.95), $"right in {percent} % of the places");
        }
    }

    [Test]
    public void Requests_whose_drafts_run_one_after_another_are_told_so()
    {
        for (int percent = 10; percent <= 90; percent += 20)
        {
            var texts = Texts(1, percent / 100.0);
            var company = new VirtualCompany(new GoodputSpeculationLength(), Requests, draftsApart: true);
            double share = company.Run(WarmUpTexts(0.6)).Run(texts).Goodput / VirtualCompany.BestFixed(Requests, texts, draftsApart: true);
            Assert.That(share, Is.GreaterThanOrEqualTo(0.93), $"right in {percent} % of the places");
        }
    }

    // One that begins alone pays a whole step of the drafts for its one guess; all eight together pay little more.
    [Test]
    public void Requests_that_decoded_plainly_begin_to_draft_together()
    {
        VirtualCompany company = Warm(WarmUpTexts(0)).Run(Texts(3, 0.55));
        Assert.That(company.TokensPerRound, Is.GreaterThanOrEqualTo(1.45));
    }

    [Test]
    public void Useless_drafts_cost_at_most_three_percent()
    {
        var texts = Texts(1, 0.02);
        double plain = new VirtualCompany(new FixedSpeculationLength(0), Requests).Run(texts).Goodput;
        Assert.That(Warm(WarmUpTexts(0.6)).Run(texts).Goodput / plain, Is.GreaterThanOrEqualTo(0.97));
    }

    private static VirtualCompany Warm(Func<int, VirtualText> texts) => new VirtualCompany(new GoodputSpeculationLength(), Requests).Run(texts);

    private static Func<int, VirtualText> WarmUpTexts(double chance) => request => VirtualText.Unsure(100 + request, WarmUp, chance);

    private static Func<int, VirtualText> Texts(int seed, double chance) => request => VirtualText.Unsure(seed * 1000 + request, Measured, chance);
}
