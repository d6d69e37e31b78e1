import Logging
import SentryPluginAPI
import SentryRuntime

/// Says where a model computes, unless that is the CPU.
func tellDevice(of model: ImportedModel) {
  let place = ModelPlace(of: model)
  guard !place.isCPU, let title = place.title else { return }
  Logger.host.info("the model computes on \(TerminalText.line(title))")
}
