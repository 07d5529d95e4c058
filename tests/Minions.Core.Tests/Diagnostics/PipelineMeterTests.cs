using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Minions.Core.Diagnostics;
using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;
using Minions.Core.Tests.EndToEnd;
using Minions.Core.Tests.Pipeline;

namespace Minions.Core.Tests.Diagnostics;

/// <summary>What listeners are told is what requests did: the sums of their statistics, neither more nor less.</summary>
internal sealed class PipelineMeterTests
{
    private static readonly int[] Prompt = [1, 2, 3];

    [Test]
    public void Counters_are_the_sums_of_the_requests_statistics([Range(1, 6)] int seed, [Values] bool stops)
    {
        using var meters = new RecordedMeters();
        using var engine = new SteppedEngine(Composed(seed), meters: meters);
        SpeculationStatistics[] done =
        [
            .. Enumerable.Range(0, 5).Select(i => engine.Run([seed, i], new GenerationOptions
            {
                MaxOutputTokens = 10 * i + 1,
                SpeculationLength = i == 3 ? 0 : i + 1,
                StopSequences = stops ? ["abcabc", "dk", "hel"] : [],
            }).Statistics),
        ];

        Assert.That(meters.Sum("minions.rounds"), Is.EqualTo(done.Sum(one => one.Rounds)));
        Assert.That(meters.Sum("minions.spec_decode.num_draft_tokens"), Is.EqualTo(done.Sum(one => one.DraftTokens)));
        Assert.That(meters.Sum("minions.spec_decode.num_accepted_tokens"), Is.EqualTo(done.Sum(one => one.AcceptedTokens)).And.GreaterThan(0));
        Assert.That(meters.Sum("minions.spec_decode.num_drafts"), Is.InRange(1, done.Sum(one => one.Rounds)));
        for (int position = 0; position < 8; position++)
        {
            int accepted = done.Sum(one => one.AcceptedPerPosition.ElementAtOrDefault(position));
            Assert.That(meters.Sum("minions.spec_decode.num_accepted_tokens_per_pos", ("position", position)), Is.EqualTo(accepted), $"{position}");
        }

        foreach (string draft in (string[])["right", "wrong"])
        {
            DraftStatistics[] own = [.. done.Select(one => one.Drafts.Single(any => any.Name == draft))];
            Assert.That(meters.Sum("minions.draft.rounds", ("minions.draft", draft)), Is.EqualTo(own.Sum(one => one.Rounds)).And.GreaterThan(0));
            Assert.That(meters.Sum("minions.draft.proposed_tokens", ("minions.draft", draft)), Is.EqualTo(own.Sum(one => one.ProposedTokens)));
            Assert.That(meters.Sum("minions.draft.evaluated_tokens", ("minions.draft", draft)), Is.EqualTo(own.Sum(one => one.EvaluatedTokens)));
            Assert.That(meters.Sum("minions.draft.agreed_tokens", ("minions.draft", draft)), Is.EqualTo(own.Sum(one => one.AgreedTokens)));
        }

        int[] lengths = [.. done.SelectMany(one => one.Lengths.RoundsPerLength.SelectMany((rounds, length) => Enumerable.Repeat(length, rounds)))];
        Assert.That(meters.Values("minions.spec_decode.length"), Is.EquivalentTo(lengths));
        Assert.That(meters.Values("minions.goodput"), Is.EqualTo(done.Where(one => one.Rounds > 0).Select(one => one.Lengths.ObservedGoodput)));
    }

    [Test]
    public void A_request_that_fails_counts_as_far_as_it_came()
    {
        int verifications = 0;
        using var meters = new RecordedMeters();
        var target = new TabularTarget(Tables.Scrambled) { BeforeVerify = _ => Fail(++verifications == 5) };
        using var engine = new SteppedEngine(new PipelineComponents { Target = target, Drafts = [new TabularDraft("right", Tables.Scrambled)] }, meters: meters);

        Assert.That(() => engine.Run(Prompt, new GenerationOptions { MaxOutputTokens = 100, SpeculationLength = 2 }), Throws.TypeOf<ModelRunException>());
        Assert.That(meters.Sum("minions.rounds"), Is.EqualTo(3), "behind the prefill");
        Assert.That(meters.Sum("minions.spec_decode.num_accepted_tokens"), Is.EqualTo(6));
        Assert.That(meters.Values("minions.goodput"), Is.Empty);
    }

    [Test]
    public void Faults_of_drafts_are_counted()
    {
        using var meters = new RecordedMeters();
        var failing = new TabularDraft("failing", Tables.Scrambled) { BeforePropose = _ => throw new InvalidOperationException("broken") };
        using var engine = new SteppedEngine(new PipelineComponents { Target = new TabularTarget(Tables.Scrambled), Drafts = [failing] }, meters: meters);
        GenerationResult result = engine.Run(Prompt, new GenerationOptions { MaxOutputTokens = 40, SpeculationLength = 2 });

        Assert.That(meters.Sum("minions.draft.faults", ("minions.draft", "failing")), Is.EqualTo(result.Statistics.Drafts[0].Faults).And.GreaterThan(1));
    }

    [Test]
    public async Task A_request_that_waits_is_seen_waiting_and_its_times_begin_when_it_came()
    {
        var time = new FakeTimeProvider();
        using var meters = new RecordedMeters();
        using var engine = new SteppedEngine(
            new PipelineComponents { Target = new TabularTarget(Tables.Scrambled) }, new PipelineOptions { MaxConcurrentRequests = 1 }, time, meters: meters);
        Task<GenerationResult> first = engine.Submit(Prompt, new GenerationOptions { MaxOutputTokens = 4 });
        Task<GenerationResult> second = engine.Submit(Prompt, new GenerationOptions { MaxOutputTokens = 4 });
        Assert.That((meters.Observe("minions.requests.running"), meters.Observe("minions.requests.waiting")), Is.EqualTo((new double[] { 1 }, new double[] { 1 })));

        time.Advance(TimeSpan.FromSeconds(3));
        while (!second.IsCompleted)
        {
            engine.Step();
            Thread.Yield();
        }

        await Task.WhenAll(first, second);
        Assert.That(meters.Values("minions.request.time_in_queue"), Is.EqualTo(new double[] { 0, 3 }));
        Assert.That(meters.Values("minions.request.time_to_first_token"), Is.EqualTo(new double[] { 3, 3 }));
        Assert.That((meters.Observe("minions.requests.running"), meters.Observe("minions.requests.waiting")), Is.EqualTo((new double[] { 0 }, new double[] { 0 })));
    }

    [Test]
    public async Task Containers_do_not_mix_and_keyed_pipelines_are_told_apart()
    {
        using var meters = new RecordedMeters();
        using var others = new RecordedMeters();
        await using ServiceProvider services = Provide(meters);
        await using ServiceProvider strangers = Provide(others);
        foreach ((string name, int tokens) in new[] { ("short", 3), ("long", 9) })
            await services.GetRequiredKeyedService<SpeculativePipeline>(name).GenerateAsync(Prompt, new GenerationOptions { MaxOutputTokens = tokens, Speculate = false });
        await services.GetRequiredService<SpeculativePipeline>().GenerateAsync(Prompt, new GenerationOptions { MaxOutputTokens = 2, Speculate = false });

        Assert.That(meters.Sum("minions.rounds", ("minions.pipeline", "short")), Is.EqualTo(2));
        Assert.That(meters.Sum("minions.rounds", ("minions.pipeline", "long")), Is.EqualTo(8));
        Assert.That(meters.Tags["minions.rounds"].Count(tags => tags.Count == 0), Is.EqualTo(1), "the default pipeline has no name");
        Assert.That(others.Tags, Is.Empty);

        static ServiceProvider Provide(IMeterFactory meters)
        {
            var services = new ServiceCollection();
            services.AddSingleton(meters);
            services.AddKeyedMinions("short").UseTarget(_ => new TabularTarget(Tables.Scrambled));
            services.AddKeyedMinions("long").UseTarget(_ => new TabularTarget(Tables.Scrambled));
            services.AddMinions().UseTarget(_ => new TabularTarget(Tables.Scrambled));
            return services.BuildServiceProvider();
        }
    }

    [Test]
    public async Task Memory_of_caches_is_reported_where_it_is_known_until_the_pipeline_ends()
    {
        using var meters = new RecordedMeters();
        using ModelSet models = await ModelSet.FamilyAsync();
        PipelineComponents composed = models.Compose(drafts: 1, length: 2);
        var engine = new SteppedEngine(
            new PipelineComponents { Target = composed.Target, Drafts = [.. composed.Drafts, new TabularDraft("unknown", Tables.Scrambled)], LeaveOpen = true }, meters: meters);
        engine.Run(Prompt, new GenerationOptions { MaxOutputTokens = 20 });
        double[] target = meters.Observe("minions.kv_cache.size", ("minions.model.role", "target"));
        double[] drafts = meters.Observe("minions.kv_cache.size", ("minions.model.role", "draft"));

        Assert.That(target, Is.EqualTo(new double?[] { models.Target.CacheBytes }).And.All.GreaterThan(0), "the prefix is kept");
        Assert.That(drafts, Is.EqualTo(new double?[] { models.Drafts[0].CacheBytes }).And.All.GreaterThan(0));
        engine.Dispose();
        Assert.That(meters.Observe("minions.kv_cache.size"), Is.Empty);
        Assert.That(models.Target.CacheBytes, Is.Zero);
    }

    private static void Fail(bool now)
    {
        if (now)
            throw new InvalidOperationException("broken");
    }

    private static PipelineComponents Composed(int seed) => new()
    {
        Target = new TabularTarget(Tables.Scrambled),
        Drafts = [new TabularDraft("right", Tables.MostlyRight(80, seed)), new TabularDraft("wrong", Tables.MostlyRight(20, seed + 10))],
        Tokenizer = new LetterTokenizer(),
        LengthController = new FixedSpeculationLength(3),
    };
}
