using Minions.Core.OnnxRuntime.Folder;
using Minions.Core.OnnxRuntime.Sessions;

namespace Minions.Core.Tests.OnnxRuntime;

/// <summary>The messages that the page of CUDA explains are those that the code writes.</summary>
public sealed class CudaPageTests
{
    private static readonly string Page = File.ReadAllText(RepositoryFiles.PathOf("docs", "cuda.md"));

    [TestCase("libcuda.so.1")]
    [TestCase("libcublasLt.so.13")]
    [TestCase("libcudnn.so.9")]
    public void What_a_machine_lacks(string library)
    {
        string fault = $"[ONNXRuntimeError] : 1 : FAIL : Failed to load library x.so with error: {library}: cannot open shared object file: No such file or directory";

        Told(CudaRequirements.Explain(fault, isWindows: false, name => name != library));
    }

    [Test]
    public void A_provider_library_that_was_not_copied() => Told(CudaRequirements.Explain(
        "[ONNXRuntimeError] : 1 : FAIL : Failed to load library libonnxruntime_providers_cuda.so with error: libonnxruntime_providers_cuda.so: cannot open shared object file", isWindows: false, _ => true));

    [Test]
    public void Versions_that_do_not_go_together() => Told(RuntimeVersions.FindMismatch(new Version(1, 31, 1), "1.30.0")!.Split(':')[0]);

    [Test]
    public void A_captured_graph()
    {
        var folder = new ModelFolder { Path = "models/one", Name = "one", ModelFile = "model.onnx", ContextLength = 8, LayerCount = 1 };
        var request = new SessionRequest { ProviderOptions = new Dictionary<string, string> { ["enable_cuda_graph"] = "1" } };

        Told(Assert.Throws<ModelLoadException>(() => SessionSettings.Resolve(request, folder, needsQuantPrecision: false))!.Message.Split(':')[0]);
    }

    private static void Told(string message) => Assert.That(Page, Does.Contain(message));
}
