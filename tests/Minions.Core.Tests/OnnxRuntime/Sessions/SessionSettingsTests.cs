using Minions.Core.OnnxRuntime.Folder;
using Minions.Core.OnnxRuntime.Sessions;

namespace Minions.Core.Tests.OnnxRuntime.Sessions;

public sealed class SessionSettingsTests
{
    private static readonly ModelFolder Plain = new() { Path = "models/one", Name = "one", ModelFile = "model.onnx", ContextLength = 8, LayerCount = 1 };

    [Test]
    public void Spinning_ends_with_the_run_and_precision_is_left_alone_where_it_is_not_needed()
    {
        var settings = SessionSettings.Resolve(new SessionRequest { DefaultIntraOpThreads = 3 }, Plain, needsQuantPrecision: false);

        Assert.That(settings.Entries, Is.EquivalentTo(new Dictionary<string, string> { ["session.force_spinning_stop"] = "1" }));
        Assert.That(settings.IntraOpThreads, Is.EqualTo(3));
    }

    [Test]
    public void Processors_without_exact_byte_products_get_the_precise_kernels() => Assert.That(
        SessionSettings.Resolve(new SessionRequest(), Plain, needsQuantPrecision: true).Entries["session.x64quantprecision"], Is.EqualTo("1"));

    [Test]
    public void The_folder_wins_over_the_library_and_code_over_both()
    {
        var folder = Plain with
        {
            IntraOpThreads = 5,
            SessionEntries = new Dictionary<string, string> { ["session.force_spinning_stop"] = "0", ["session.x64quantprecision"] = "0", ["own"] = "folder" },
        };
        var fromFolder = SessionSettings.Resolve(new SessionRequest(), folder, needsQuantPrecision: true);
        var fromCode = SessionSettings.Resolve(
            new SessionRequest { IntraOpThreads = 7, Entries = new Dictionary<string, string> { ["own"] = "code" } }, folder, needsQuantPrecision: true);

        Assert.Multiple(() =>
        {
            Assert.That(fromFolder.Entries, Is.EquivalentTo(folder.SessionEntries));
            Assert.That(fromFolder.IntraOpThreads, Is.EqualTo(5));
            Assert.That(fromCode.Entries["own"], Is.EqualTo("code"));
            Assert.That(fromCode.Entries["session.x64quantprecision"], Is.EqualTo("0"));
            Assert.That(fromCode.IntraOpThreads, Is.EqualTo(7));
        });
    }

    [TestCase(null, null, null, 0)]
    [TestCase(0, null, null, 0)]
    [TestCase(2, null, null, 2)]
    [TestCase(null, "1", null, 1)]
    [TestCase(0, "1", null, 0)]
    [TestCase(2, "1", null, 2)]
    [TestCase(2, "1", "3", 3)]
    public void The_device_is_that_of_the_most_explicit_place(int? ofOptions, string? ofFolder, string? ofProviderOptions, int expected)
    {
        var request = new SessionRequest { DeviceId = ofOptions };
        if (ofProviderOptions is not null)
            request = request with { ProviderOptions = new Dictionary<string, string> { ["device_id"] = ofProviderOptions } };

        var settings = SessionSettings.Resolve(request, ofFolder is null ? Plain : WithCuda("device_id", ofFolder), needsQuantPrecision: false);

        Assert.That(settings.DeviceId, Is.EqualTo(expected));
        Assert.That(settings.CudaOptions["device_id"], Is.EqualTo(expected.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    [TestCase("1")]
    [TestCase("true")]
    [TestCase("True")]
    public void A_captured_graph_is_left_out_where_the_folder_asks_for_it_and_refused_where_code_does(string on)
    {
        var ofFolder = SessionSettings.Resolve(new SessionRequest(), WithCuda("enable_cuda_graph", on), false);
        var request = new SessionRequest { ProviderOptions = new Dictionary<string, string> { ["enable_cuda_graph"] = on } };

        Assert.That(ofFolder.CudaOptions.Keys, Has.None.EqualTo("enable_cuda_graph"));
        Assert.That(ofFolder.Ignored, Is.EqualTo("enable_cuda_graph"));
        Assert.That(() => SessionSettings.Resolve(request, Plain, false), Throws.TypeOf<ModelLoadException>().With.Message.Contain("enable_cuda_graph"));
    }

    [TestCase("0")]
    [TestCase("false")]
    public void A_captured_graph_that_nobody_wants_is_not_told_of(string off)
    {
        var request = new SessionRequest { ProviderOptions = new Dictionary<string, string> { ["enable_cuda_graph"] = off } };

        Assert.That(SessionSettings.Resolve(new SessionRequest(), WithCuda("enable_cuda_graph", off), false).Ignored, Is.Null);
        Assert.That(SessionSettings.Resolve(request, Plain, false).CudaOptions["enable_cuda_graph"], Is.EqualTo(off));
    }

    [TestCase("gpu_external_alloc")]
    [TestCase("gpu_external_free")]
    [TestCase("gpu_external_empty_cache")]
    [TestCase("user_compute_stream")]
    [TestCase("has_user_compute_stream")]
    public void An_address_is_taken_from_code_and_never_from_a_file(string option)
    {
        var ofFolder = SessionSettings.Resolve(new SessionRequest(), WithCuda(option, "4096"), false);
        var request = new SessionRequest { ProviderOptions = new Dictionary<string, string> { [option] = "4096" } };

        Assert.That(ofFolder.CudaOptions.Keys, Has.None.EqualTo(option));
        Assert.That(ofFolder.Ignored, Is.EqualTo(option));
        Assert.That(SessionSettings.Resolve(request, Plain, false).CudaOptions[option], Is.EqualTo("4096"));
    }

    [Test]
    public void Every_other_option_of_the_folder_reaches_the_provider() => Assert.That(
        SessionSettings.Resolve(new SessionRequest(), WithCuda("arena_extend_strategy", "kSameAsRequested"), false).CudaOptions["arena_extend_strategy"],
        Is.EqualTo("kSameAsRequested"));

    [Test]
    public void A_device_that_is_no_number_is_refused() => Assert.That(
        () => SessionSettings.Resolve(new SessionRequest(), WithCuda("device_id", "first"), false),
        Throws.TypeOf<ModelLoadException>().With.Message.Contain("device_id").And.Message.Contain("'first'"));

    private static ModelFolder WithCuda(string key, string value) => Plain with
    {
        ProviderOptions = new Dictionary<string, IReadOnlyDictionary<string, string>> { ["cuda"] = new Dictionary<string, string> { [key] = value } },
    };
}
