using System.Diagnostics;
using Minions.Core.Diagnostics;
using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Tests.Pipeline;

namespace Minions.Core.Tests.Diagnostics;

/// <summary>A request is one activity below the caller's own, and says nothing of its text.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RequestActivityTests : IDisposable
{
    private readonly Activity _caller = new("caller");
    private readonly List<Activity> _ended = [];
    private readonly ActivityListener _listener;

    public RequestActivityTests()
    {
        _caller.SetIdFormat(ActivityIdFormat.W3C);
        _caller.Start();
        ActivityTraceId trace = _caller.TraceId;
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == MinionsTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.TraceId == trace ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = _ended.Add,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _caller.Dispose();
    }

    [Test]
    public void A_request_is_one_activity_with_what_its_result_tells()
    {
        using SteppedEngine engine = Engine(new TabularTarget(Tables.Scrambled));
        GenerationResult result = engine.Run([1, 2], new GenerationOptions { MaxOutputTokens = 90, SpeculationLength = 2 });

        Activity activity = _ended.Single();
        Assert.That((activity.OperationName, activity.ParentSpanId, activity.Status), Is.EqualTo(("minions.generate", _caller.SpanId, ActivityStatusCode.Unset)));
        Assert.That(Activity.Current, Is.SameAs(_caller), "it is current for the request only");
        Assert.That(activity.TagObjects.ToDictionary(), Is.EquivalentTo(new Dictionary<string, object?>
        {
            ["minions.pipeline"] = "named",
            ["minions.prompt_tokens"] = 2,
            ["minions.max_output_tokens"] = 90,
            ["minions.exact"] = true,
            ["minions.speculates"] = true,
            ["minions.output_tokens"] = 90,
            ["minions.reused_prompt_tokens"] = 0,
            ["minions.finish_reason"] = "length",
            ["minions.rounds"] = result.Statistics.Rounds,
            ["minions.draft_tokens"] = result.Statistics.DraftTokens,
            ["minions.accepted_tokens"] = result.Statistics.AcceptedTokens,
        }));
    }

    [Test]
    public void Rounds_are_events_ever_more_rarely()
    {
        using SteppedEngine engine = Engine(new TabularTarget(Tables.Scrambled));
        GenerationResult result = engine.Run([1, 2], new GenerationOptions { MaxOutputTokens = 300, SpeculationLength = 2 });

        int rounds = result.Statistics.Rounds;
        ActivityEvent[] events = [.. _ended.Single().Events];
        int[] sampled = [.. Enumerable.Range(0, 31).Select(power => 1 << power).TakeWhile(round => round <= rounds)];
        Assert.That(events.Select(one => one.Name), Has.All.EqualTo("minions.round"));
        Assert.That(events.Select(one => Tag(one, "minions.round.number")), Is.EqualTo(sampled));
        Assert.That(events.SkipLast(1).Select(one => Tag(one, "minions.round.length")), Has.All.EqualTo(2));
        Assert.That(events.Select(one => (int)Tag(one, "minions.round.committed_tokens")! - (int)Tag(one, "minions.round.accepted_tokens")!), Has.All.InRange(0, 1));
    }

    [Test]
    public void A_fault_is_told_by_its_kind_and_not_by_its_message()
    {
        using SteppedEngine engine = Engine(new TabularTarget(Tables.Scrambled) { BeforeVerify = _ => throw new InvalidOperationException("secret words") });
        Assert.That(() => engine.Run([1, 2], GenerationOptions.Default), Throws.TypeOf<ModelRunException>());

        Activity activity = _ended.Single();
        Assert.That((activity.Status, activity.StatusDescription), Is.EqualTo((ActivityStatusCode.Error, (string?)null)));
        Assert.That(activity.GetTagItem("error.type"), Is.EqualTo(typeof(ModelRunException).FullName));
        Assert.That(activity.TagObjects.Select(tag => $"{tag.Value}"), Has.None.Contains("secret"));
    }

    [Test]
    public async Task A_pipelines_own_texts_are_no_activities()
    {
        var target = new DelegatingTarget(Counting.Target());
        await using var pipeline = new SpeculativePipeline(new PipelineComponents { Target = target });
        await pipeline.LoadAsync();
        await pipeline.CheckAsync();
        Assert.That(target.Verifications, Is.GreaterThan(2), "it warmed up and was checked");
        Assert.That(_ended, Is.Empty);

        await pipeline.GenerateAsync([1], new GenerationOptions { MaxOutputTokens = 2 });
        Assert.That(_ended, Has.Count.EqualTo(1));
        Assert.That(_ended[0].TagObjects.Select(tag => tag.Key), Has.None.EqualTo("minions.pipeline"));
    }

    private static SteppedEngine Engine(ITargetVerifier target) =>
        new(new PipelineComponents { Target = target, Drafts = [new TabularDraft("draft", Tables.MostlyRight(70, 1))] }, name: "named");

    private static object? Tag(ActivityEvent one, string key) => one.Tags.Single(tag => tag.Key == key).Value;

    private sealed class DelegatingTarget(ITargetVerifier inner) : DelegatingTargetVerifier(inner)
    {
        public int Verifications { get; private set; }

        public override bool WantsWarmUp => true;

        public override void Verify(ReadOnlySpan<Core.Verification.VerificationRequest> batch, CancellationToken cancellationToken)
        {
            Verifications++;
            base.Verify(batch, cancellationToken);
        }
    }
}
