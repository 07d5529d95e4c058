using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Minions.Core.OnnxRuntime;
using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.Pipeline;
using Minions.Core.Tests.OnnxRuntime.Synthetic;

namespace Minions.Core.Tests.DependencyInjection;

/// <summary>Who waits for a load hears of its phases and files, in order.</summary>
internal sealed class LoadProgressTests
{
    private const string Data = "weights.bin";

    [Test]
    public async Task Every_file_that_is_opened_is_told_of_with_its_size()
    {
        var options = new SyntheticOptions();
        using var folder = new TemporaryFolder();
        string target = Path.Combine(folder.Path, "target");
        string draft = Path.Combine(folder.Path, "draft");
        OnnxModel model = SyntheticDecoder.Build(options);
        byte[] data = model.MoveWeightsTo(Data);
        SyntheticFolder.Write(target, options, model);
        await File.WriteAllBytesAsync(Path.Combine(target, Data), data);
        await File.WriteAllTextAsync(Path.Combine(target, "other.onnx.data"), "not of this model");
        SyntheticFolder.Write(draft, options, SyntheticDecoder.Build(options));
        await using ServiceProvider services = new ServiceCollection().AddMinions().UseTarget(target).AddDraft(draft).Services.BuildServiceProvider();
        var heard = new Heard();
        await services.GetRequiredService<SpeculativePipeline>().LoadAsync(heard);

        string[] files = [Path.Combine(target, "tokenizer.json"), Path.Combine(target, "model.onnx"), Path.Combine(target, Data), Path.Combine(draft, "model.onnx")];
        LoadProgress[] all = [.. heard.Reports];
        foreach (LoadPhase phase in (LoadPhase[])[LoadPhase.Opening, LoadPhase.Opened])
        {
            LoadProgress[] reports = [.. all.Where(report => report.Phase == phase)];
            Assert.That(reports.Select(report => report.File), Is.EquivalentTo(files));
            Assert.That(reports.Select(report => report.Bytes), Is.EqualTo(reports.Select(report => new FileInfo(report.File!).Length)));
        }

        Assert.That((all[0].Phase, all[^2].Phase, all[^1].Phase), Is.EqualTo((LoadPhase.Checking, LoadPhase.WarmingUp, LoadPhase.Ready)));
        Assert.That(all.Select(report => report.LoadedBytes), Is.Ordered);
        Assert.That(all.Select(report => report.TotalBytes), Is.Ordered);
        long total = files.Sum(file => new FileInfo(file).Length);
        Assert.That((all[^1].LoadedBytes, all[^1].TotalBytes, all[^1].File), Is.EqualTo((total, total, (string?)null)));
    }

    [Test]
    public async Task Each_caller_hears_of_the_load_it_waits_for_and_of_no_more()
    {
        var gate = new TaskCompletionSource<PipelineComponents>();
        await using var pipeline = new SpeculativePipeline(_ => gate.Task);
        (Heard first, Heard leaver, Heard late) = (new(), new(), new());
        using var leaves = new CancellationTokenSource();
        Task load = pipeline.LoadAsync(first);
        Task left = pipeline.LoadAsync(leaver, leaves.Token);
        await leaves.CancelAsync();
        Assert.That(() => left, Throws.InstanceOf<OperationCanceledException>());
        gate.SetResult(new PipelineComponents { Target = Counting.Target() });
        await load;
        await pipeline.LoadAsync(late);

        Assert.That(first.Phases, Is.EqualTo(new[] { LoadPhase.WarmingUp, LoadPhase.Ready }));
        Assert.That(leaver.Phases, Is.Empty);
        Assert.That(late.Phases, Is.EqualTo(new[] { LoadPhase.Ready }), "it was loaded and warm");
    }

    [Test]
    public async Task A_listener_that_throws_is_logged_and_the_load_goes_on()
    {
        var log = new LogLines<SpeculativePipeline>();
        await using var pipeline = new SpeculativePipeline(_ => Task.FromResult(new PipelineComponents { Target = Counting.Target() }), logger: log);
        await pipeline.LoadAsync(new Throwing());

        Assert.That(pipeline.IsLoaded, Is.True);
        Assert.That(log.Written, Is.EqualTo(Enumerable.Repeat("Reporting the progress of a load failed; the load goes on.", 2)));
    }

    [Test]
    public async Task A_load_that_is_tried_again_begins_from_nothing()
    {
        var options = new SyntheticOptions();
        using var folder = SyntheticFolder.Create(options);
        int attempts = 0;
        await using ServiceProvider services = new ServiceCollection().AddMinions(minions => minions.Target = new OnnxModelOptions { Folder = folder.Path })
            .AddDraft(_ => ++attempts == 1 ? throw new ModelLoadException("Not yet.") : Counting.Draft()).Services.BuildServiceProvider();
        var pipeline = services.GetRequiredService<SpeculativePipeline>();
        var heard = new Heard();
        Assert.That(() => pipeline.LoadAsync(heard), Throws.TypeOf<ModelLoadException>());
        Assert.That(heard.Phases, Has.None.EqualTo(LoadPhase.Ready));
        heard = new Heard();
        await pipeline.LoadAsync(heard);

        LoadProgress last = heard.Reports.Last();
        Assert.That(last.TotalBytes, Is.EqualTo(heard.Reports.Where(report => report.Phase == LoadPhase.Opening).Sum(report => report.Bytes)));
    }

    private sealed class Heard : IProgress<LoadProgress>
    {
        public ConcurrentQueue<LoadProgress> Reports { get; } = [];

        public IEnumerable<LoadPhase> Phases => Reports.Select(report => report.Phase);

        public void Report(LoadProgress value) => Reports.Enqueue(value);
    }

    private sealed class Throwing : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value) => throw new InvalidOperationException("Not interested.");
    }
}
