using Minions.Core.OnnxRuntime.Sessions;

namespace Minions.Core.Tests.OnnxRuntime.Sessions;

/// <summary>What ONNX Runtime says when CUDA cannot be used, said in the names of what has to be installed.</summary>
public sealed class CudaRequirementsTests
{
    private const string Prefix = "[ErrorCode:Fail] /onnxruntime_src/onnxruntime/core/session/provider_bridge_ort.cc:2043 onnxruntime::Provider& onnxruntime::ProviderLibrary::Get() [ONNXRuntimeError] : 1 : FAIL : ";

    private static readonly string[] Linux = ["libcuda.so.1", "libcudart.so.13", "libcublas.so.13", "libcublasLt.so.13", "libcurand.so.10", "libcudnn.so.9"];
    private static readonly string[] Windows = ["nvcuda.dll", "cudart64_13.dll", "cublas64_13.dll", "cublasLt64_13.dll", "cudnn64_9.dll"];

    [Test]
    public void A_machine_with_nothing_lacks_driver_CUDA_and_cuDNN()
    {
        string explained = CudaRequirements.Explain(Missing("libcublasLt.so.13"), isWindows: false, _ => false);

        Assert.That(explained, Does.StartWith("this machine lacks the NVIDIA driver (libcuda.so.1), CUDA 13 (").And.EndWith("cuDNN 9 (libcudnn.so.9)"));
        Assert.That(Linux, Has.All.Matches<string>(library => explained.Contains(library, StringComparison.Ordinal)));
    }

    [TestCase("libcuda.so.1", "the NVIDIA driver (libcuda.so.1)")]
    [TestCase("libcudart.so.13", "CUDA 13 (libcudart.so.13)")]
    [TestCase("libcublasLt.so.13", "CUDA 13 (libcublasLt.so.13)")]
    [TestCase("libcudnn.so.9", "cuDNN 9 (libcudnn.so.9)")]
    public void Only_what_is_missing_is_named(string library, string expected) => Assert.That(
        CudaRequirements.Explain(Missing(library), isWindows: false, name => name != library), Is.EqualTo($"this machine lacks {expected}"));

    [Test]
    public void The_version_is_the_one_that_the_provider_asks_for()
    {
        string explained = CudaRequirements.Explain(Missing("libcublasLt.so.12"), isWindows: false, Linux.Contains);

        Assert.That(explained, Is.EqualTo("this machine lacks CUDA 12 (libcudart.so.12, libcublas.so.12, libcublasLt.so.12)"));
    }

    [Test]
    public void A_library_that_nobody_knows_is_named() => Assert.That(
        CudaRequirements.Explain(Missing("libfuture.so.4"), isWindows: false, _ => true), Is.EqualTo("this machine lacks libfuture.so.4"));

    [TestCase("/app/runtimes/linux-x64/native/libonnxruntime_providers_cuda.so")]
    [TestCase("libonnxruntime_providers_shared.so")]
    public void A_provider_library_that_was_not_copied_is_told_apart_from_what_it_needs(string library) => Assert.That(
        CudaRequirements.Explain(Missing(library), isWindows: false, _ => true),
        Does.Contain(Path.GetFileName(library)).And.Contain("not beside the native library"));

    [Test]
    public void Windows_names_the_provider_only_and_what_it_needs_is_looked_for()
    {
        string fault = Prefix + "LoadLibrary failed with error 126 \"\" when trying to load \"C:\\app\\onnxruntime_providers_cuda.dll\"";

        Assert.Multiple(() =>
        {
            Assert.That(CudaRequirements.Explain(fault, isWindows: true, name => name == "nvcuda.dll"), Does.StartWith("this machine lacks CUDA 13 (cudart64_13.dll").And.Contains("cuDNN 9 (cudnn64_9.dll)"));
            Assert.That(CudaRequirements.Explain(fault, isWindows: true, Windows.Contains), Does.Contain("onnxruntime_providers_cuda.dll"));
        });
    }

    [Test]
    public void A_machine_with_everything_hears_what_ONNX_Runtime_says_without_its_source_and_the_machine_s_name()
    {
        string fault = Prefix + "CUDA failure 100: no CUDA-capable device is detected ; GPU=-1 ; hostname=secret ; file=/onnxruntime_src/cuda_execution_provider.cc ; line=283 ; expr=cudaSetDevice(info_.device_id);\n";

        Assert.That(CudaRequirements.Explain(fault, isWindows: false, _ => true), Is.EqualTo("CUDA failure 100: no CUDA-capable device is detected"));
    }

    [TestCase("CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version", true)]
    [TestCase("CUDNN failure 1: CUDNN_STATUS_NOT_INITIALIZED", true)]
    [TestCase("CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED", true)]
    [TestCase("Load model from model.onnx failed:Protobuf parsing failed.", false)]
    [TestCase("No Op registered for Cudadabra with domain_version of 1", false)]
    public void A_fault_of_the_device_is_told_apart_from_one_of_the_model(string fault, bool isDevice) => Assert.That(CudaRequirements.IsAtFault(fault), Is.EqualTo(isDevice));

    [TestCase("Package Minions.Core.Cuda brings libraries.")]
    [TestCase("Reference package Minions.Core.Cuda.")]
    public void What_keeps_a_model_from_the_GPU_can_be_read_back(string advice)
    {
        const string Why = "this machine lacks the NVIDIA driver (libcuda.so.1), CUDA 13 (libcudart.so.13)";

        Assert.That(CudaRequirements.ObstacleIn(CudaRequirements.Unavailable("models/one", Why, advice, null)), Is.EqualTo(Why));
        Assert.That(CudaRequirements.ObstacleIn(new ModelLoadException("The model file is truncated.")), Is.Null);
    }

    private static string Missing(string library) =>
        $"{Prefix}Failed to load library /app/libonnxruntime_providers_cuda.so with error: {library}: cannot open shared object file: No such file or directory\n";
}
