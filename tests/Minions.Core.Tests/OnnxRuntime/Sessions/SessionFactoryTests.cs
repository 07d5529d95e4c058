using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.ML.OnnxRuntime;
using Minions.Core.OnnxRuntime.Folder;
using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.OnnxRuntime.Sessions;

namespace Minions.Core.Tests.OnnxRuntime.Sessions;

public sealed class SessionFactoryTests
{
    private static readonly ModelFolder Tiny = ModelFolder.Read(Path.Combine(RepositoryFiles.Tiny, "llama-int4"));

    [Test]
    public void Opens_a_model_on_the_CPU()
    {
        using var opened = Open(new SessionRequest { Device = SessionDevice.Cpu, DefaultIntraOpThreads = 2 }, Tiny);

        Assert.Multiple(() =>
        {
            Assert.That(opened.Device, Is.EqualTo(SessionDevice.Cpu));
            Assert.That(opened.IntraOpThreads, Is.EqualTo(2));
            Assert.That(opened.KvAllocator, Is.SameAs(OrtAllocator.DefaultInstance));
            Assert.That(opened.Session.InputMetadata.Keys, Does.Contain("input_ids"));
        });
    }

    [Test]
    public void Opens_a_rewritten_graph_with_the_weights_of_the_folder()
    {
        RewrittenGraph rewritten = DecoderGraph.Read(Tiny).Rewrite(2, Tiny, out _)!;

        using var opened = Open(new SessionRequest(), Tiny, rewritten);

        Assert.That(opened.Session.InputMetadata.Keys, Does.Contain(SlotNames.Lengths));
    }

    [Test]
    public void Auto_says_once_why_it_runs_on_the_CPU()
    {
        var log = new ListLogger();

        using var opened = new SessionFactory(log).Open(new SessionRequest(), Tiny, null, null, CancellationToken.None);

        Assert.That(opened.Device, Is.EqualTo(SessionDevice.Cpu));
        Assert.That(log.Lines, Has.Exactly(1).Items.And.All.Contains("llama-int4").And.All.Contains("CUDA"));
        Assert.That(log.Levels, Is.All.EqualTo(LogLevel.Information));
    }

    [Test]
    public void Cuda_that_cannot_load_names_the_package() => Assert.That(
        () => Open(new SessionRequest { Device = SessionDevice.Cuda }, Tiny),
        Throws.TypeOf<ModelLoadException>().With.Message.Contain("Microsoft.ML.OnnxRuntime.Gpu").And.Message.Contain("Minions.Core.Cuda").And.Message.Contain(Tiny.Path));

    [Test]
    public void Entries_that_ONNX_Runtime_does_not_know_pass()
    {
        using var opened = Open(new SessionRequest { Entries = new Dictionary<string, string> { ["session.from_the_future"] = "yes" } }, Tiny);

        Assert.That(opened.Session.OutputMetadata.Keys, Does.Contain("logits"));
    }

    [Test]
    public void Entries_reach_ONNX_Runtime() => Assert.That(
        () => Open(new SessionRequest { Entries = new Dictionary<string, string> { ["session.load_model_format"] = "ORT" } }, Tiny),
        Throws.TypeOf<ModelLoadException>().With.Message.Contain(Tiny.ModelFile));

    [Test]
    public void The_entry_without_a_name_is_refused() => Assert.That(
        () => Open(new SessionRequest { Entries = new Dictionary<string, string> { [""] = "1" } }, Tiny), Throws.TypeOf<ModelLoadException>().With.Message.Contain("session entry"));

    [Test]
    public void An_unknown_optimization_level_is_named() => Assert.That(
        () => Open(new SessionRequest(), Tiny with { GraphOptimization = "ORT_ENABLE_MAGIC" }),
        Throws.TypeOf<ModelLoadException>().With.Message.Contain("ORT_ENABLE_MAGIC"));

    [Test]
    public void A_model_that_is_none_is_named()
    {
        using var folder = new TemporaryFolder().With("model.onnx", "nothing of the kind");
        string file = Path.Combine(folder.Path, "model.onnx");

        Assert.That(() => Open(new SessionRequest(), Tiny with { ModelFile = file }),
            Throws.TypeOf<ModelLoadException>().With.Message.Contain(file).And.Property("Path").EqualTo(file).And.InnerException.TypeOf<OnnxRuntimeException>());
    }

    [Test]
    public void A_load_that_is_cancelled_before_it_starts_throws_with_the_token()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        var thrown = Assert.Throws<OperationCanceledException>(() => Open(new SessionRequest(), Tiny, ct: cancelled.Token))!;
        Assert.That(thrown.CancellationToken, Is.EqualTo(cancelled.Token));
    }

    [Test]
    public void A_load_is_cancelled_once_it_has_started()
    {
        using var cancelled = new CancellationTokenSource();

        // The line that Auto logs comes between the check at the start and ONNX Runtime's load, which has to see the flag.
        var log = new ListLogger { OnLine = cancelled.Cancel };

        var thrown = Assert.Throws<OperationCanceledException>(() => new SessionFactory(log).Open(new SessionRequest(), Tiny, null, null, cancelled.Token))!;
        Assert.That(thrown.CancellationToken, Is.EqualTo(cancelled.Token));
    }

    [TestCase(typeof(DllNotFoundException))]
    [TestCase(typeof(EntryPointNotFoundException))]
    public void A_missing_native_library_names_both_packages(Type kind)
    {
        var missing = (Exception)Activator.CreateInstance(kind, "libonnxruntime")!;

        foreach (var fault in new[] { missing, new TypeInitializationException("NativeMethods", missing) })
        {
            Assert.That(() => NativeLibrary.Guard<bool>(() => throw fault), Throws.TypeOf<ModelLoadException>()
                .With.Message.Contain("Minions.Core.Cpu").And.Message.Contain("Minions.Core.Cuda").And.Message.Contain("libonnxruntime"));
        }
    }

    private static OpenedSession Open(SessionRequest request, ModelFolder folder, RewrittenGraph? rewritten = null, CancellationToken ct = default) =>
        new SessionFactory(NullLogger.Instance).Open(request, folder, rewritten, null, ct);

    private sealed class ListLogger : ILogger
    {
        public List<string> Lines { get; } = [];

        public List<LogLevel> Levels { get; } = [];

        public Action? OnLine { get; init; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Lines.Add(formatter(state, exception));
            Levels.Add(logLevel);
            OnLine?.Invoke();
        }
    }
}
