using System.Diagnostics;
using Minions.Core.GenAI.Loading;
using Minions.Core.OnnxRuntime;

namespace Minions.Core.GenAI.Tests.Loading;

internal sealed class GenAINativesTests
{
    [Test]
    public void Missing_natives_are_told_by_the_packages_that_bring_them()
    {
        ModelLoadException? fault = Assert.Throws<ModelLoadException>(() => GenAINatives.Guard<int>("folder", provider: null, () => throw new DllNotFoundException("no library\nat a\nat b")));

        Assert.That(fault!.Message, Does.Contain("Microsoft.ML.OnnxRuntimeGenAI for the CPU").And.Contain("Microsoft.ML.OnnxRuntimeGenAI.Cuda").And.EndsWith("Cause: no library"));
        Assert.That(fault.Path, Is.EqualTo("folder"));
    }

    [Test]
    public void Natives_of_another_version_are_told_apart_from_missing_ones()
    {
        ModelLoadException? fault = Assert.Throws<ModelLoadException>(() => GenAINatives.Guard<int>("folder", provider: null, () => throw new EntryPointNotFoundException("no OgaX")));

        Assert.That(fault!.Message, Does.Contain("of another version than the managed part").And.EndWith("Cause: no OgaX"));
    }

    [Test]
    public void Two_copies_of_the_runtime_are_told_apart_from_its_other_parts()
    {
        string[] files =
        [
            "/app/libonnxruntime.so", "/app/libonnxruntime-genai.so", "/app/libonnxruntime_providers_shared.so", "/app/libonnxruntime.so", "/other/libonnxruntime.so.1.31.0", "/usr/lib/libc.so",
        ];

        Assert.That(GenAINatives.CopiesOf(files), Is.EqualTo(new[] { "/app/libonnxruntime.so", "/other/libonnxruntime.so.1.31.0" }));
        Assert.That(GenAINatives.CopiesOf([@"onnxruntime.dll", "onnxruntime-genai.dll"]), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task GenAI_and_the_librarys_own_sessions_share_one_native_library()
    {
        using OnnxDraftModel own = await OnnxDraftModel.LoadAsync(new OnnxModelOptions { Folder = GenAIFolders.Tales });
        using GenAIDraftModel other = await GenAIDraftModel.LoadAsync(new GenAIModelOptions { Folder = GenAIFolders.Tales });
        using var process = Process.GetCurrentProcess();
        string[] loaded = [.. process.Modules.Cast<ProcessModule>().Select(module => module.FileName)];

        Assert.That(loaded.Any(file => Path.GetFileName(file).Contains("onnxruntime-genai", StringComparison.Ordinal)), "GenAI's own library is loaded");
        Assert.That(GenAINatives.CopiesOf(loaded), Has.Length.EqualTo(1));
    }
}
