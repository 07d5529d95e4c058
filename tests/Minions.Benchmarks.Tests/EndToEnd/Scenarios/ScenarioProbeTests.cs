using Minions.Benchmarks.EndToEnd.Scenarios;
using Minions.Benchmarks.Micro;
using Minions.Core.Sampling;

namespace Minions.Benchmarks.Tests.EndToEnd.Scenarios;

public sealed class ScenarioProbeTests
{
    private static readonly (int[] Prompt, int[] Answer)[] Texts = [([1, 2], [3, 4, 5]), ([7], [8])];

    [Test]
    public void Sureness_is_what_the_draft_says_behind_the_targets_own_texts()
    {
        var contexts = new HashSet<string>();
        var draft = new ScriptedDraft(request =>
        {
            contexts.Add(string.Join(' ', request.Context.ToArray()));
            return request.Context.Span[0] == 1 ? 2 : 0;
        }, 0.75f);

        ScenarioFacts facts = Gather(draft);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(facts.Sureness["scripted"], Is.Not.Empty.And.All.EqualTo(0.75f));
            Assert.That(contexts, Is.EqualTo(new[] { "1 2 3", "1 2 3 4", "1 2 3 4 5", "7 8" }));
            Assert.That(facts.VocabularySize, Is.EqualTo(InstantText.Vocabulary));
            Assert.That(facts.Texts.After([7]).ToArray(), Is.EqualTo(new[] { 8 }));
        }
    }

    [Test]
    public void A_draft_that_says_nothing_is_half_sure() =>
        Assert.That(Gather(new ScriptedDraft(_ => 0)).Sureness["scripted"], Is.EqualTo(new[] { 0.5f }));

    private static ScenarioFacts Gather(ScriptedDraft draft) =>
        new ScenarioProbe(new InstantTarget(), [draft], SamplingOptions.Greedy).Gather(Texts, CancellationToken.None);
}
